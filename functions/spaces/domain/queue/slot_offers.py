"""How many slots a worker offers to this space when it shares them among several."""

from typing import NamedTuple

from msgspec.structs import replace

from spaces.domain.holder import Holder
from spaces.domain.queue.queue import Place, Queue
from spaces.domain.queue.settlement import requeue


class SlotOffer(NamedTuple):
    """An offer of slots, and the connection through which it came.

    Attributes:
        slots: How many requests the worker accepts here, including those it holds.
        order: Rises with each offer of the connection.
    """

    holder: Holder
    connection_id: str
    slots: int
    order: int


def record_offer(queue: Queue, offer: SlotOffer) -> Queue:
    """Record an offer of slots. An offer of the worker's whole capacity removes the limit.

    An older offer, or one through another connection, changes nothing.
    """
    place = queue.workers.get(offer.holder)
    everything = place is not None and offer.slots >= place.capacity
    return _store(queue, offer, None if everything else offer.slots)


def cap_slots(queue: Queue, offer: SlotOffer) -> Queue:
    """Limit a worker to its offer while other spaces need its slots, even if it offers them all."""
    return _store(queue, offer, offer.slots)


def _store(queue: Queue, offer: SlotOffer, offered: int | None) -> Queue:
    place = queue.workers.get(offer.holder)
    if place is None or place.connection_id != offer.connection_id:
        return queue
    if offer.order <= place.offer_order:
        return queue
    return _with(queue, offer.holder, place, offered=offered, order=offer.order)


def decline(queue: Queue, ticket: int, attempt: int, offer: SlotOffer) -> Queue:
    """Requeue a request that its worker cannot start; it counts as neither lost nor run.

    Prefetched requests go back with it, so that none of them starts first. Whatever the worker
    says, its limit is what it runs now: it gets nothing more until it offers a slot.
    """
    place = queue.workers.get(offer.holder)
    if place is None or place.connection_id != offer.connection_id:
        return queue
    if queue.is_held(ticket, offer.holder, attempt):
        queue = requeue(queue, ticket, attempt, lost=False)
        for ahead in queue.prefetched:
            queue = requeue(queue, ahead, queue.running[ahead].attempt, lost=False)
    slots = min(offer.slots, queue.started_by(offer.holder))
    return cap_slots(queue, offer._replace(slots=slots))


def forget_offers(queue: Queue) -> Queue:
    """Return to the capacity that each worker registered, if requests wait.

    Otherwise a lost offer could leave them waiting forever. A worker without a slot declines.
    """
    for holder, place in queue.workers.items() if queue.waiting > 0 else ():
        queue = _with(queue, holder, place, offered=None, order=place.offer_order)
    return queue


def _with(queue: Queue, holder: Holder, place: Place, *, offered: int | None, order: int) -> Queue:
    place = replace(place, offered=offered, offer_order=order)
    return replace(queue, workers={**queue.workers, holder: place})
