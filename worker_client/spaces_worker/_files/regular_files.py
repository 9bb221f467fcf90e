"""Tells files from FIFOs, devices, sockets and folders, which cannot be sent."""

import os
import stat
from typing import Any, Final

_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def irregular_kind(mode: int) -> str | None:
    """Return what a file with this mode is, such as ``a FIFO``; None for a regular file."""
    return next((name for is_kind, name in _KINDS if is_kind(mode)), None)


def device_of(opened: Any) -> str | None:  # noqa: ANN401 - any kind of open file
    """Return ``a device`` if this open file is one; None if it is not, or has no descriptor."""
    try:
        mode = os.fstat(opened.fileno()).st_mode
    except (AttributeError, OSError, TypeError, ValueError):
        return None
    return "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else None
