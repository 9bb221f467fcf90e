"""Use cases of administrators; each change is audited."""
