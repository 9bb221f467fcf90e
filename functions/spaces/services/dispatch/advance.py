"""Moves a space on: expires what is overdue, hands over what can be, delivers; until done."""

from collections.abc import Callable
from typing import Final

from spaces.domain.queue.dispatch import Dispatch, plan_dispatches
from spaces.domain.queue.places import forget_absent
from spaces.domain.queue.prefetch import start_prefetched
from spaces.domain.queue.queue import Queue
from spaces.services.dispatch.change_queue import Decide, change_queue, read_queue
from spaces.services.dispatch.deliver import Post, deliver, lose_connection, post_request
from spaces.services.dispatch.expire import Event, Order, Orders, expire
from spaces.services.ports.gateway import Gateway, PostOutcome

MAX_ROUNDS: Final = 200
"""Each request that has ended unnoticed costs a round; what is left then, the clock takes up."""


def advance(
    gateway: Gateway,
    space_id: str,
    decide: Decide | None = None,
    *,
    queue: Queue | None = None,
    post: Post = post_request,
) -> Queue:
    """Apply a change, expire, hand over and deliver, until nothing is left to do.

    Anyone may call it at any time. A ticket that was issued while a swap was under way is found
    in the state that the swap returns, in the next round: the lost wake-up.

    Args:
        decide: the change to apply in the first swap, together with the hand-overs it allows.
        post: how a hand-over is sent; the default is a ``request`` of its own.
    """
    changes = [decide] if decide else []
    state = queue or read_queue(gateway, space_id)
    for _ in range(MAX_ROUNDS):
        dispatches: list[Dispatch] = []
        orders: Orders = []
        turn = _turn(gateway, changes, dispatches, orders)
        state = change_queue(gateway, space_id, turn, queue=state)
        changes = [change for order in orders if (change := _carry_out(gateway, order))]
        changes += [change for h in dispatches if (change := _try(gateway, space_id, h, post))]
        if not changes and not needs_advance(state, gateway.now()):
            break
    return state


def _carry_out(gateway: Gateway, order: Order | Event) -> Decide | None:
    """Send a message that the change caused, or report it; who is gone is noted to be."""
    if isinstance(order, Event):
        gateway.log_event(order.name, request_id=order.request_id, worker_id=order.worker_id)
        return None
    if gateway.sockets.post(order.connection_id, order.message) is not PostOutcome.GONE:
        return None
    return lose_connection(gateway, order)


def _try(gateway: Gateway, space_id: str, dispatch: Dispatch, post: Post) -> Decide | None:
    """Deliver; one request that cannot be delivered must not keep the others from it."""
    try:
        return deliver(gateway, space_id, dispatch, post)
    except Exception as error:  # noqa: BLE001 - its lease decides; the others are delivered
        gateway.log_event(
            "delivery_failed", space=space_id, ticket=dispatch.ticket, error=repr(error)
        )
        return None


def needs_advance(queue: Queue, now: int) -> bool:
    """Tell whether something is overdue, or waits although it could run."""
    could_run = queue.waiting > 0 and queue.room() > 0
    return bool(queue.overdue(now)) or could_run or start_prefetched(queue, now) is not queue


def _turn(
    gateway: Gateway, changes: list[Decide], dispatches: list[Dispatch], orders: Orders
) -> Callable[[Queue], Queue]:
    def decide(queue: Queue) -> Queue:
        now = gateway.now()
        for change in changes:
            queue = change(queue)
        queue, orders[:] = expire(gateway, queue, now)
        queue, dispatches[:] = plan_dispatches(forget_absent(queue), now)
        return queue

    return decide
