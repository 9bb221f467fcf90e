"""Logs the calls that were refused, for all doors alike."""

from spaces.domain.errors import SpaceError
from spaces.observability import log_event


def log_refusal(error: SpaceError) -> None:
    """Log why a call was refused; what it contained is not said."""
    log_event("call_refused", error_type=error.error_type)
