"""Use cases of a space itself."""
