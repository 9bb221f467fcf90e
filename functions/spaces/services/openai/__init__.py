"""Use cases of the OpenAI-compatible paths."""
