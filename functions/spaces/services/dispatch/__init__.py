"""Moves a queue on: one change at a time, expiry, dispatch, delivery and sweep."""
