"""Routes of the streaming function: each returns a response whose body is a generator."""
