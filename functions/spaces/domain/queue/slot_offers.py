"""How many requests a worker takes in this space, of the slots that it shares among several."""

from typing import NamedTuple

from msgspec.structs import replace

from spaces.domain.queue.queue import Place, Queue
from spaces.domain.queue.settlement import requeue


class SlotOffer(NamedTuple):
    """What a worker said of its slots, and by which connection.

    Attributes:
        slots: requests that it takes here, those that it holds included.
        order: rises with each that the connection says.
    """

    worker_id: str
    connection_id: str
    slots: int
    order: int


def record_offer(queue: Queue, offer: SlotOffer) -> Queue:
    """Remember an offer of slots; one of all that the worker has leaves nothing to remember.

    An older one, or one of another connection, changes nothing.
    """
    place = queue.workers.get(offer.worker_id)
    everything = place is not None and offer.slots >= place.capacity
    return _store(queue, offer, None if everything else offer.slots)


def cap_slots(queue: Queue, offer: SlotOffer) -> Queue:
    """Remember what a worker keeps to while other spaces want its slots, even if that is all."""
    return _store(queue, offer, offer.slots)


def _store(queue: Queue, offer: SlotOffer, offered: int | None) -> Queue:
    place = queue.workers.get(offer.worker_id)
    if place is None or place.connection_id != offer.connection_id:
        return queue
    if offer.order <= place.offer_order:
        return queue
    return _with(queue, offer.worker_id, place, offered=offered, order=offer.order)


def decline(queue: Queue, ticket: int, attempt: int, offer: SlotOffer) -> Queue:
    """Hand back a request that its worker cannot start; it counts as neither lost nor run.

    What was handed over early goes back with it, lest it starts first. The worker takes no more
    than it has now, whatever it says: nothing is handed to it again before it offers a slot.
    """
    place = queue.workers.get(offer.worker_id)
    if place is None or place.connection_id != offer.connection_id:
        return queue
    running = queue.running.get(ticket)
    if running is not None and (running.worker_id, running.attempt) == (offer.worker_id, attempt):
        queue = requeue(queue, ticket, attempt, lost=False)
        for ahead in queue.prefetched:
            queue = requeue(queue, ahead, queue.running[ahead].attempt, lost=False)
    slots = min(offer.slots, queue.started_by(offer.worker_id))
    return cap_slots(queue, offer._replace(slots=slots))


def forget_offers(queue: Queue) -> Queue:
    """Take every worker by its word at registration again, if requests wait.

    An offer that got lost would leave them waiting for ever; a worker that has no slot declines.
    """
    for worker_id, place in queue.workers.items() if queue.waiting > 0 else ():
        queue = _with(queue, worker_id, place, offered=None, order=place.offer_order)
    return queue


def _with(queue: Queue, worker_id: str, place: Place, *, offered: int | None, order: int) -> Queue:
    place = replace(place, offered=offered, offer_order=order)
    return replace(queue, workers={**queue.workers, worker_id: place})
