"""How the command ``spaces-worker`` ends."""

from enum import IntEnum
from types import MappingProxyType
from typing import Final


class ExitCode(IntEnum):
    """Exit codes of all commands; 1 is an error of the program itself."""

    DRAINED = 0
    SETTINGS = 2
    FUNCTION = 3
    UNWELL = 4
    STOPPED = 130


MEANINGS: Final = MappingProxyType(
    {
        ExitCode.DRAINED: "finished, or all is well",
        ExitCode.SETTINGS: "wrong options or settings",
        ExitCode.FUNCTION: "the function or model cannot be loaded",
        ExitCode.UNWELL: "doctor found a fault, status no linked worker, or install-service a "
        "service that does not stay",
        ExitCode.STOPPED: "stopped by the second Ctrl-C",
    }
)
"""What each means, for the help."""
