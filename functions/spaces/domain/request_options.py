"""What a caller may set for one request, besides its input."""

import re
from typing import Final

from msgspec import Struct, json

from spaces.domain.errors import InvalidInput
from spaces.domain.space import Definition
from spaces.domain.timing import SECOND
from spaces_protocol.limits import MAX_METADATA_BYTES
from spaces_protocol.rest_bodies import Submission
from spaces_protocol.webhooks import Webhook

_TRACEPARENT: Final = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
"""Of version 00, and the beginning of any later one (W3C Trace Context, "traceparent Header")."""
_TRACEPARENT_CHARS: Final = 55
_LONGER_THAN_ANY: Final = 10**9
"""Seconds that no space allows; more could not be counted in milliseconds."""


class RequestOptions(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Options of one request; durations are in milliseconds.

    Attributes:
        timeout: How long it may run; None leaves that to the space.
        start_timeout: How long it may wait for a worker; likewise.
        metadata: Notes of the caller.
        traceparent: Where it belongs in the caller's trace.
        webhook: Where its end is announced.
    """

    timeout: int | None = None
    start_timeout: int | None = None
    metadata: dict[str, str] = {}
    traceparent: str | None = None
    webhook: Webhook | None = None


def options_of(submission: Submission, traceparent: str | None = None) -> RequestOptions:
    """Return the options in a submit; a ``traceparent`` header that is malformed is ignored."""
    return RequestOptions(
        timeout=_milliseconds(submission.timeout_seconds),
        start_timeout=_milliseconds(submission.start_timeout_seconds),
        metadata=submission.metadata,
        traceparent=read_traceparent(traceparent),
        webhook=submission.webhook,
    )


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(min(seconds, _LONGER_THAN_ANY) * SECOND)


def read_traceparent(header: str | None) -> str | None:
    """Return a ``traceparent`` header as it is passed on; None if it is malformed.

    What a later version of the standard may append is cut off and the version becomes ours, as the
    standard asks of those who do not know it.
    """
    sent = (header or "").strip()
    begins = _TRACEPARENT.match(sent) is not None
    rest = sent[_TRACEPARENT_CHARS:]
    if not begins or (rest and (sent.startswith("00") or not rest.startswith("-"))):
        return None
    return "00" + sent[2:_TRACEPARENT_CHARS]


def check_options(definition: Definition, options: RequestOptions) -> None:
    """Raise unless the space allows the options.

    Raises:
        InvalidInput: A time-out is longer than that of the space, or the metadata is too long.
    """
    _check_timeout("timeout_seconds", options.timeout, definition.timeout)
    _check_timeout("start_timeout_seconds", options.start_timeout, definition.queue_timeout)
    size = len(json.encode(options.metadata)) if options.metadata else 0
    if size > MAX_METADATA_BYTES:
        raise InvalidInput(
            f"metadata has {size:,} bytes; the limit is {MAX_METADATA_BYTES:,}. Shorten it."
        )


def _check_timeout(field: str, wanted: int | None, limit: int) -> None:
    if wanted is not None and wanted > limit:
        raise InvalidInput(
            f"{field} is {wanted / SECOND:,g}; this space allows at most {limit / SECOND:,g}. "
            "Send a smaller number or omit it."
        )
