"""The data stack, which is kept, and the service stack, which can be replaced at any time."""
