"""Ready-made functions for models that already run; each yields pieces of text for a request.

Nothing is imported here, so that a worker only loads the adapter that it needs.
"""
