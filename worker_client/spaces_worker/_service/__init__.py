"""The systemd service of a worker."""
