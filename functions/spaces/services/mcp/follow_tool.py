"""Waits for the request of a tool, and tells how far it is meanwhile."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Final

from spaces.domain.errors import Busy
from spaces.domain.timing import SECOND
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.view_request import find_request, view_status
from spaces.services.requests.wait_for_request import Sleep, wait_for_request
from spaces.services.requests.watch_request import Guard
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestResult, RequestStatus

AFTER_OVERLOAD_SECONDS: Final = 1


def follow_tool(
    gateway: Gateway,
    request_id: RequestId,
    *,
    every: float,
    sleep: Sleep,
    until: int,
    guard: Guard = nullcontext,
) -> Iterator[RequestStatus | RequestResult]:
    """Yield how far a request is, and as the last its result.

    If the time is over before it has ended, there is no result.

    Args:
        gateway: Access to the outside.
        request_id: The id of the request.
        every: How often to tell how far it is, in seconds.
        sleep: Pauses for a number of seconds.
        until: When to stop, in milliseconds since 1970.
        guard: What each step runs in; one that raises `Busy` there is made again.

    Raises:
        RequestNotFound, RequestExpired: As in `wait_for_request`.
    """
    while (left := until - gateway.now()) > 0:
        seconds = min(every, left / SECOND)
        try:
            with guard():
                seen = _step(gateway, request_id, seconds, sleep)
        except Busy:
            sleep(AFTER_OVERLOAD_SECONDS)
            continue
        yield seen
        if isinstance(seen, RequestResult):
            return


def _step(
    gateway: Gateway, request_id: RequestId, seconds: float, sleep: Sleep
) -> RequestStatus | RequestResult:
    result = wait_for_request(gateway, request_id, seconds, sleep=sleep, waits_longer=True)
    return status_now(gateway, request_id) if result.retry_after_ms is not None else result


def status_now(gateway: Gateway, request_id: RequestId) -> RequestStatus:
    """Return how far a request is."""
    request, queue = find_request(gateway, request_id)
    return view_status(request, queue, gateway.now())
