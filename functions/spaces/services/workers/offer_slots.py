"""Handles a worker's offer: how many requests of a space it accepts from now on."""

from spaces.domain.queue.places import set_state
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.slot_offers import record_offer
from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.workers.sender_scope import check_scope, slot_offer
from spaces_protocol.gateway_messages import Check, Offered
from spaces_protocol.worker_messages import Offer


def offer_slots(gateway: Gateway, sender: Sender, message: Offer) -> None:
    """Dispatch what the offered slots allow, then reply with the number still waiting.

    A sender without a place in the space learns nothing about it and is asked to register.

    Raises:
        NotAllowed: The space is outside the scope of the sender's token.
        UnknownSpace: The space no longer exists.
    """
    check_scope(sender, message.space)
    offer = slot_offer(sender, message.slots)
    now = gateway.now()

    def change(queue: Queue) -> Queue:
        queue = record_offer(queue, offer)
        return set_state(queue, sender.holder, sender.connection_id, ready=True, now=now)

    queue = advance(gateway, message.space, change)
    place = queue.workers.get(sender.holder)
    if place is None or place.connection_id != sender.connection_id:
        gateway.sockets.post(sender.connection_id, Check())
        return
    reply = Offered(space=message.space, order=message.slots.order, waiting=queue.waiting)
    gateway.sockets.post(sender.connection_id, reply)
