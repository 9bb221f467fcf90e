"""Use cases of a connected worker."""
