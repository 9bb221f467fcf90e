"""Paths of the administration (``/v1/admin``), by what they are about."""
