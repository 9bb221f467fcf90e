"""Callers, their credentials and their quotas."""
