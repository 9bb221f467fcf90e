"""Keeps other programs of the same user from reading the environment and memory of this process."""

import ctypes
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def make_memory_private() -> None:
    """Close ``/proc/PID/environ``, ``mem`` and ``fd`` of this process, on Linux.

    Programs that it starts later are not affected. A debugger can be attached only by root, and
    there are no core dumps.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
