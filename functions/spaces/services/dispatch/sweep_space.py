"""Sweeps a space when its timer fires: settles what is overdue even if nobody polls."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final, NamedTuple

from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import drop
from spaces.domain.queue.slot_offers import forget_offers
from spaces.domain.queue.sweep_timer import clear_timer, has_timer
from spaces.domain.request import Request
from spaces.domain.timing import SECOND
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.announce import drop_announced
from spaces.services.dispatch.change_queue import compose
from spaces.services.dispatch.end_request import end_if_overdue
from spaces.services.dispatch.start_timer import watch_start
from spaces.services.ports.gateway import ArmOutcome, Gateway, SweepTimers
from spaces_protocol.gateway_messages import Check

MAX_AT_ONCE: Final = 50
"""Waiting requests that one sweep ends. The next sweep follows within two minutes."""
LAMBDA_REPEATS_UNTIL: Final = 150 * SECOND
"""A sweep older than this may be Lambda's last try; it comes three minutes after the first."""
LONGEST_CHAIN: Final = 48 * 3600 * SECOND
"""How long sweeps may start one another. No request lasts as long: it waits for a day at most and
has three attempts of two hours. A chain that goes on has met a fault of ours, and must not last."""


class TimerNotArmed(Exception):
    """A sweep left work behind, and no timer for the next one."""


def sweep_space(
    gateway: Gateway,
    space_id: str,
    fired_at: int,
    began: int | None = None,
    ticket: int | None = None,
) -> None:
    """Expire, dispatch, check on workers that are not ready, and arm the next timer if needed.

    Args:
        gateway: Access to the outside.
        space_id: The space to sweep.
        fired_at: The time for which the timer was armed.
        began: When the chain of sweeps began that this one continues; None if it is the first.
        ticket: A waiting request that has a timer of its own, to be looked at as well.

    Raises:
        Exception: Whatever went wrong, so that Lambda retries.
    """
    now = gateway.now()
    timers = gateway.timers
    gateway = replace(gateway, timers=_OwnTimers(timers))
    if gateway.spaces.read_queue(space_id, consistent=False) is None:  # deleted in the meantime
        return
    clear = partial(clear_timer, fired_at=fired_at)
    overdue = partial(_end_overdue, gateway, now, also=ticket)
    queue = advance(gateway, space_id, compose([clear, overdue, forget_offers]))
    if queue.waiting > 0:
        _check_unready_workers(gateway, queue)
    running = len(queue.running)
    gateway.log_event("space_swept", space=space_id, waiting=queue.waiting, running=running)
    watched = ticket is None or _watch_again(gateway, queue, ticket)
    if not watched or not has_timer(queue, gateway.now()):
        chain = Chain(space_id, fired_at, fired_at if began is None else began, ticket)
        _come_again(timers, chain, gateway.now())


class _OwnTimers:
    """The timers of a sweep, which Lambda repeats: it starts no other sweep at once."""

    def __init__(self, timers: SweepTimers) -> None:
        self._timers = timers

    def arm(self, space_id: str, at: int, ticket: int | None = None) -> ArmOutcome:
        return self._timers.arm(space_id, at, ticket)

    def start_sweep(self, *_: object, **__: object) -> bool:
        return True  # it is one itself


class Chain(NamedTuple):
    """Sweeps of a space that start one another while no timer can be armed.

    Attributes:
        space_id: The space.
        fired_at: When the current sweep was started.
        began: When the first one was.
        ticket: The request whose timer they are to arm; None if that of the space.
    """

    space_id: str
    fired_at: int
    began: int
    ticket: int | None


def _watch_again(gateway: Gateway, queue: Queue, ticket: int) -> bool:
    """Arm a new timer for a request that still waits, as when its timer fired early."""
    request = gateway.requests.read(queue.space_id, ticket, with_input=False)
    return not isinstance(request, Request) or watch_start(gateway, request, queue)


def _come_again(timers: SweepTimers, chain: Chain, now: int) -> None:
    """See to it that this space is swept again although no timer could be armed.

    Lambda repeats a failed sweep twice, after one minute and then two. A sweep that is older than
    that starts a new one instead, so that there is no last one while a request can be left.

    Raises:
        TimerNotArmed: Lambda must repeat this sweep, or keep it for the operator.
    """
    last_try = now - chain.fired_at > LAMBDA_REPEATS_UNTIL
    too_long = now - chain.began > LONGEST_CHAIN
    again = (chain.space_id, now, chain.began, chain.ticket)
    if last_try and not too_long and timers.start_sweep(*again):
        return
    raise TimerNotArmed(f"No timer could be armed for the space {chain.space_id!r}.")


def _waiting(queue: Queue) -> Iterator[int]:
    """Yield the waiting tickets in the order in which they are served."""
    yield from (back.ticket for back in queue.retry)
    yield from (t for t in range(queue.next, queue.tail + 1) if t not in queue.holes)


def _end_overdue(gateway: Gateway, now: int, queue: Queue, also: int | None) -> Queue:
    """End waiting requests whose time is up; stop at the first in line that is in time.

    Requeued requests are all looked at: they are few, and may have time-outs of their own.
    """
    if also is not None and queue.wait_ends(also, now) is not None:
        queue = _without_overdue(gateway, now, queue, also)
    for ticket in list(islice(_waiting(queue), MAX_AT_ONCE)):
        after = _without_overdue(gateway, now, queue, ticket)
        if after == queue and ticket >= queue.next:
            break
        queue = after
    return queue


def _without_overdue(gateway: Gateway, now: int, queue: Queue, ticket: int) -> Queue:
    """Return the queue without a waiting ticket if its request has ended, or must end now."""
    request = gateway.requests.read(queue.space_id, ticket, with_input=False)
    if request is None:
        request = gateway.requests.bury(queue.space_id, ticket, now)
    if not isinstance(request, Request):
        return drop(queue, ticket)
    if request.ending is not None:
        return drop_announced(gateway, request, ticket)(queue)
    return end_if_overdue(gateway, request, now)(queue)


def _check_unready_workers(gateway: Gateway, queue: Queue) -> None:
    """Send a check, so that a worker that wrongly believes it is registered notices."""
    for place in queue.workers.values():
        if place.state not in ("ready", "draining"):
            gateway.sockets.post(place.connection_id, Check())
