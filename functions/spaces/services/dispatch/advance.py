"""Moves a space on: expires what is overdue, then dispatches and delivers until nothing is left."""

from functools import partial
from typing import Final, NamedTuple

from spaces.domain.queue.dispatch import Dispatch, plan_dispatches
from spaces.domain.queue.places import forget_absent, mark_outlived_away
from spaces.domain.queue.prefetch import start_prefetched
from spaces.domain.queue.queue import Queue
from spaces.domain.request import Request
from spaces.services.dispatch.change_queue import Change, change_queue, compose, read_queue
from spaces.services.dispatch.deliver import Post, deliver, lose_connection, post_request
from spaces.services.dispatch.expire import Effect, LogEvent, expire
from spaces.services.ports.gateway import Gateway, PostOutcome

MAX_ROUNDS: Final = 200
"""Each request that turns out to have ended costs a round. A sweep picks up what is left."""


class _Turn(NamedTuple):
    """What has to happen once a round's change is swapped in."""

    effects: list[Effect]
    dispatches: list[Dispatch]


def advance(
    gateway: Gateway,
    space_id: str,
    change: Change | None = None,
    *,
    queue: Queue | None = None,
    stored: Request | None = None,
    post: Post = post_request,
) -> Queue:
    """Apply a change, then expire, dispatch and deliver until nothing is left to do.

    Safe to call at any time. A ticket that is issued while a swap is under way shows up in the
    state that the swap returns and is dispatched in the next round, so no wake-up is lost.

    Args:
        gateway: Access to the outside.
        space_id: The space to move on.
        change: Applied in the first swap, together with the dispatches that it allows.
        queue: A state that was just read; saves the first read.
        stored: A request that the caller has just stored; saves reading it for its first delivery.
        post: Sends a dispatched request; by default as a ``request`` message of its own.
    """
    changes = [change] if change else []
    state = queue or read_queue(gateway, space_id)
    for _ in range(MAX_ROUNDS):
        decide = partial(_decide, gateway, compose(changes))
        before, (state, turn) = state, change_queue(gateway, space_id, decide, queue=state)
        changes = _carry_out(gateway, turn.effects)
        changes += _deliver_all(gateway, space_id, turn.dispatches, stored, post)
        stuck = state is before  # what is overdue cannot be announced at the moment
        if not changes and (stuck or not needs_advance(state, gateway.now())):
            break
    return state


def needs_advance(queue: Queue, now: int) -> bool:
    """Tell whether something is overdue or could be dispatched."""
    could_run = queue.waiting > 0 and queue.room() > 0
    return bool(queue.overdue(now)) or could_run or start_prefetched(queue, now) is not queue


def _decide(gateway: Gateway, change: Change, queue: Queue) -> tuple[Queue, _Turn]:
    now = gateway.now()
    queue, effects = expire(gateway, mark_outlived_away(change(queue), now), now)
    queue, dispatches = plan_dispatches(forget_absent(queue), now)
    return queue, _Turn(effects, dispatches)


def _carry_out(gateway: Gateway, effects: list[Effect]) -> list[Change]:
    """Send and log what the swapped change caused; return changes for unreachable workers."""
    changes: list[Change] = []
    for effect in effects:
        if isinstance(effect, LogEvent):
            about = {"request_id": effect.request_id, "worker_id": effect.worker_id}
            gateway.log_event(effect.name, **about, **effect.trace)
        elif gateway.sockets.post(effect.connection_id, effect.message) is PostOutcome.GONE:
            changes.append(lose_connection(gateway, effect))
    return changes


def _deliver_all(
    gateway: Gateway,
    space_id: str,
    dispatches: list[Dispatch],
    stored: Request | None,
    post: Post,
) -> list[Change]:
    """Deliver each dispatch; one that fails does not keep the others from being delivered."""
    changes: list[Change] = []
    for dispatch in dispatches:
        try:
            change = deliver(gateway, space_id, dispatch, post, stored=stored)
        except Exception as error:  # noqa: BLE001 - the lease of this one decides
            ticket = dispatch.ticket
            gateway.log_event("delivery_failed", space=space_id, ticket=ticket, error=repr(error))
            continue
        if change is not None:
            changes.append(change)
    return changes
