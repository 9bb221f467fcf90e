"""Use cases of whoever submits, follows or cancels a request."""
