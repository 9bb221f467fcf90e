"""What the REST handlers share: bodies, callers and responses."""
