"""Stacks: what is kept, and what can be replaced at any time."""
