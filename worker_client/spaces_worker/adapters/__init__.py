"""Ready-made functions around models that already run: each answers a context with pieces of text.

Nothing is imported here, so that a worker loads only the one that it needs.
"""
