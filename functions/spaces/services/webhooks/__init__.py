"""Announcing the ends of requests to those who asked for it."""
