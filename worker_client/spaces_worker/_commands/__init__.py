"""The commands of spaces-worker."""
