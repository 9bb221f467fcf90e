"""How a worker of several spaces shares its slots among them.

All spaces are open, until one hands over a request for which no slot is free: it is declined, and
the space is closed. A slot that gets free then is offered to the space that was closed first.
"""

from spaces_protocol.gateway_messages import Offered, Request
from spaces_protocol.worker_messages import Decline, Offer, Slots
from tests.simulation.worker_value import Reaction, Worker, and_then, send, space_of


def start_or_decline(worker: Worker, request: Request) -> Reaction:
    """Start a request if a slot is free; keep it if it may be held; else give it back."""
    space, key = request.space, (request.request_id, request.attempt)
    if request.prefetched and space in worker.closed:
        return _decline(worker, *key)
    if worker.free > 0:
        if worker.asked == space:
            worker = _to_the_end(worker, space)._replace(asked=None)
        worker = worker._replace(held=worker.held | {key})
        return and_then(Reaction(worker, (), (request.request_id,)), use_slots)
    if request.prefetched:
        return Reaction(worker._replace(prefetched=worker.prefetched | {key}))
    return _decline(worker, *key)


def _decline(worker: Worker, request_id: str, attempt: int) -> Reaction:
    """Give a request back, and with it what is held of its space and has not started."""
    space = space_of(request_id)
    others = frozenset(each for each in worker.prefetched if space_of(each[0]) != space)
    worker = worker._replace(prefetched=others, order=worker.order + 1)
    if space not in worker.closed:
        worker = worker._replace(closed=(*worker.closed, space))
    slots = Slots(count=worker.count(space), order=worker.order)
    return send(worker, "decline", Decline(request_id=request_id, attempt=attempt, slots=slots))


def close_after(worker: Worker, space: str) -> tuple[Worker, Slots | None]:
    """Close the space of an answered request if others wait for its slot."""
    if not worker.closed:
        return worker, None
    worker = worker._replace(order=worker.order + 1)
    if space not in worker.closed:
        worker = worker._replace(closed=(*worker.closed, space))
    return worker, Slots(count=worker.count(space), order=worker.order)


def use_slots(worker: Worker) -> Reaction:
    """Start what is held, and offer the next free slot to the space that was closed first."""
    started: list[str] = []
    for key in sorted(worker.prefetched)[: max(0, worker.free)]:
        worker = worker._replace(prefetched=worker.prefetched - {key}, held=worker.held | {key})
        started.append(key[0])
    reaction = Reaction(worker, (), tuple(started))
    if worker.free > 0 and worker.closed and worker.asked is None and worker.line is not None:
        return and_then(reaction, _offer_next)
    return reaction


def _offer_next(worker: Worker) -> Reaction:
    space = worker.closed[0]
    worker = worker._replace(asked=space)
    return offer(worker, space, worker.count(space) + 1)


def offer(worker: Worker, space: str, count: int) -> Reaction:
    """Say how many requests of a space may come."""
    worker = worker._replace(order=worker.order + 1)
    slots = Slots(count=min(count, worker.capacity), order=worker.order)
    return send(worker, "offer", Offer(space=space, slots=slots))


def offered(worker: Worker, message: Offered) -> Reaction:
    """Open a space again in which nothing waits, or from which nothing came."""
    if worker.asked == message.space:
        return give_up_asking(worker)
    if message.waiting or message.order != worker.order or message.space not in worker.closed:
        return Reaction(worker)
    return _open(worker, message.space)


def give_up_asking(worker: Worker) -> Reaction:
    """Open the space again that a slot was offered, and ask the next one."""
    space = worker.asked
    if space is None or worker.line is None:
        return Reaction(worker)
    return _open(worker._replace(asked=None), space)


def _open(worker: Worker, space: str) -> Reaction:
    closed = tuple(each for each in worker.closed if each != space)
    worker = worker._replace(closed=closed)
    return and_then(offer(worker, space, worker.capacity), use_slots)


def _to_the_end(worker: Worker, space: str) -> Worker:
    others = tuple(each for each in worker.closed if each != space)
    return worker._replace(closed=(*others, space))
