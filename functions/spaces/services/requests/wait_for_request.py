"""Waits for a request to end, so that its caller need not poll."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from spaces.domain.errors import Busy
from spaces.domain.queue.request_status import status_of
from spaces.domain.request import Request
from spaces.domain.timing import SECOND
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.view_request import settled_request
from spaces.services.requests.view_result import request_result
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestResult

FIRST_PAUSE: Final = 20
"""Milliseconds between the first looks at a request."""
PAUSE_GROWTH: Final = 0.25
"""The next pause, as a share of the elapsed time, within the first second."""
LONGEST_PAUSE: Final = 500
"""From the first second on."""
SETTLE_INTERVAL: Final = 5 * SECOND
"""How often the queue is read, too. When a waiting request starts, only its queue has the deadline
that applies from then on."""

Sleep = Callable[[float], None]


def wait_for_request(
    gateway: Gateway,
    request_id: RequestId,
    seconds: float,
    *,
    sleep: Sleep,
    waits_longer: bool = False,
) -> RequestResult:
    """Return a request's result as soon as it has ended, or its state when the time is over.

    What is overdue is settled as by a poll: at the start, at the request's deadline, every five
    seconds and at the end.

    Args:
        gateway: Access to the outside.
        request_id: The id of the request.
        seconds: How long to wait at most.
        sleep: Pauses for a number of seconds.
        waits_longer: Whether the caller has waited for a second already, so that looks are rare.

    Raises:
        RequestNotFound, RequestExpired: As in `request_result`.
    """
    now = gateway.now()
    until = now + round(seconds * SECOND)
    started = now - SECOND if waits_longer else now
    while (moment := _next_settling(gateway, request_id, until)) is not None:
        if _ends_before(gateway, request_id, moment, started, sleep):
            break
    return request_result(gateway, request_id)


def _next_settling(gateway: Gateway, request_id: RequestId, until: int) -> int | None:
    """Settle what is overdue; return when to do so again, None if there is nothing to wait for."""
    now = gateway.now()
    if now >= until:
        return None
    moments = [until, now + SETTLE_INTERVAL]
    with suppress(Busy):  # the next look settles it
        request, queue = settled_request(gateway, request_id)
        if request.ending is not None:
            return None
        deadline = status_of(request, queue, now).deadline
        moments += [deadline] if deadline is not None and deadline > now else []
    return min(moments)


def _ends_before(
    gateway: Gateway, request_id: RequestId, moment: int, started: int, sleep: Sleep
) -> bool:
    """Look at the request alone until a moment; tell whether it ended."""
    while (left := moment - gateway.now()) > 0:
        pause = _pause(gateway.now() - started)
        sleep(min(pause, left) / SECOND)
        if pause < left and _has_ended(gateway, request_id):
            return True
    return False


def _pause(elapsed: int) -> int:
    """Return the milliseconds until the next look: 16 in the first second, then two a second."""
    if elapsed >= SECOND:
        return LONGEST_PAUSE
    return max(FIRST_PAUSE, round(PAUSE_GROWTH * elapsed))


def _has_ended(gateway: Gateway, request_id: RequestId) -> bool:
    found = gateway.requests.read(
        request_id.space, request_id.ticket, with_input=False, consistent=False
    )
    return isinstance(found, Request) and found.ending is not None
