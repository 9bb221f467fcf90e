"""Opens files that only their owner can read."""

import os


def open_private(path: str, flags: int) -> int:
    """Open a file; pass this as the ``opener`` of `open`."""
    return os.open(path, flags, 0o600)
