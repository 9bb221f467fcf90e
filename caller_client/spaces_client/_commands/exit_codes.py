"""How the command ``spaces`` ends."""

from enum import IntEnum
from types import MappingProxyType
from typing import Final

from spaces_client._errors import (
    InvalidInput,
    RequestFailed,
    SpacesError,
    StreamRestarted,
    UsageError,
    WaitTimedOut,
)


class ExitCode(IntEnum):
    """Exit codes of all commands."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    GATEWAY = 3
    WAIT_TIMED_OUT = 4
    INTERRUPTED = 130


MEANINGS: Final = MappingProxyType[int, str](
    {
        ExitCode.DONE: "the request has an answer, or the command did what it says",
        ExitCode.FAILED: "the request failed, timed out or was cancelled",
        ExitCode.USAGE: "an argument, a setting or the input is wrong",
        ExitCode.GATEWAY: "the gateway refused the call or cannot be reached",
        ExitCode.WAIT_TIMED_OUT: "the time of --timeout is over; the request goes on",
        ExitCode.INTERRUPTED: "you pressed Ctrl-C",
    }
)
"""What each exit code means, for --help."""

_CODES: Final = MappingProxyType[type[SpacesError], ExitCode](
    {
        UsageError: ExitCode.USAGE,
        InvalidInput: ExitCode.USAGE,
        RequestFailed: ExitCode.FAILED,
        StreamRestarted: ExitCode.FAILED,
        WaitTimedOut: ExitCode.WAIT_TIMED_OUT,
    }
)


def exit_code_of(error: SpacesError) -> ExitCode:
    """Return the exit code for an error."""
    return next(
        (code for kind, code in _CODES.items() if isinstance(error, kind)), ExitCode.GATEWAY
    )
