"""Use cases of the Model Context Protocol."""
