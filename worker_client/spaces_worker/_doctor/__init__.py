"""The checks of spaces-worker doctor."""
