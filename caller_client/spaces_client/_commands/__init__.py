"""The command ``spaces``."""
