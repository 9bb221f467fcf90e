"""What AWS enforces, with its own numbers; tests make times shorter while the edge runs."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

_KILOBYTE = 1024
_MEGABYTE = 1024 * _KILOBYTE


class Unknown(StrEnum):
    """What @connections answers for a connection that does not exist. AWS's pages disagree."""

    GONE = "410"
    FORBIDDEN = "403"
    EITHER = "either"


@dataclass(kw_only=True)
class Rules:
    """Limits in bytes and seconds.

    Sources: "Quotas for configuring and running a WebSocket in API Gateway", "Quotas for
    configuring and running an HTTP API in API Gateway", "Lambda quotas", "Schedule types in
    EventBridge Scheduler", and "OriginReadTimeout" in the API of CloudFront.

    Attributes:
        message_bytes: largest message on a socket, in either direction.
        frame_bytes: largest frame on a socket.
        idle_seconds: how long a socket may be silent. Only messages of the worker count, because
            AWS does not say what else does.
        life_seconds: how long a socket may last.
        overtake_seconds: a message may be handed over that much later than the ones after it.
        integration_seconds: how long a function behind a socket route may take.
        unknown: what @connections answers for a connection that does not exist.
        pings_fail: whether a route without an integration response is answered by an error frame.
            AWS does not say.
        late_seconds: how much later than asked a schedule may fire, at most.
        clock_ahead_seconds: how far the clock of the scheduler is ahead of that of the functions.
        parallel_runs: how many invocations may run at the same time in the whole account.
        http_seconds: how long the HTTP API waits for a function.
        http_request_bytes: largest request of the HTTP API.
        http_header_bytes: largest request line and header values together.
        http_response_bytes: largest result of a function, which has the body as a JSON string.
        first_byte_seconds: how long CloudFront waits for the first byte of the origin.
        met: how often something met one of these rules, by its name.
    """

    message_bytes: int = 128 * _KILOBYTE
    frame_bytes: int = 32 * _KILOBYTE
    idle_seconds: float = 600
    life_seconds: float = 7200
    overtake_seconds: float = 0.1
    integration_seconds: float = 29
    unknown: Unknown = Unknown.EITHER
    pings_fail: bool = True
    late_seconds: float = 59
    clock_ahead_seconds: float = 5
    parallel_runs: int = 10
    http_seconds: float = 30
    http_request_bytes: int = 10 * _MEGABYTE
    http_header_bytes: int = 10_240
    http_response_bytes: int = 6 * _MEGABYTE
    first_byte_seconds: float = 30
    met: Counter[str] = field(default_factory=Counter)
