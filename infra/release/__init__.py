"""Builds both clients, tries them as a new user would, and describes what was built."""
