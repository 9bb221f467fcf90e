"""When a stream has to end itself."""

from typing import Final

from spaces.bootstrap import gateway
from streaming_runtime.invocation import Context

_MARGIN: Final = 10_000
"""Milliseconds before Lambda ends the process: a stream ends itself, and its reader comes back."""


def end_of_stream(context: Context) -> int:
    """Return when a stream of this invocation ends at the latest, in milliseconds since 1970."""
    return gateway().now() + context.get_remaining_time_in_millis() - _MARGIN
