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


MEANINGS: Final = MappingProxyType[int, str](
    {
        ExitCode.DRAINED: "finished, or everything is fine",
        1: "internal error",
        ExitCode.SETTINGS: "an option or setting is missing or wrong",
        ExitCode.FUNCTION: "the function or model cannot be loaded, or the program is not found",
        ExitCode.UNWELL: "doctor, status or install-service found a problem",
        ExitCode.STOPPED: "stopped by a second Ctrl-C",
    }
)
"""What each exit code means, for --help."""
