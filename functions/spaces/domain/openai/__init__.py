"""The OpenAI API as this gateway speaks it: what callers send, and what they get."""
