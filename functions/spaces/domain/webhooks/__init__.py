"""Webhooks: what is announced, to whom, and how often it is tried."""
