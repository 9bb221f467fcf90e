"""The OpenAI-compatible paths of the streaming function."""
