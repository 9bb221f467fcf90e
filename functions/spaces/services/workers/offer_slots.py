"""Takes a worker's word on how many requests of one space it runs from now on."""

from spaces.domain.queue.places import set_state
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.slot_offers import record_offer
from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.workers.sender_scope import check_scope, slot_offer
from spaces_protocol.gateway_messages import Offered
from spaces_protocol.worker_messages import Offer


def offer_slots(gateway: Gateway, sender: Sender, message: Offer) -> None:
    """Hand over what the offered slots allow, then answer with what waits still.

    Raises:
        NotAllowed: the space is not in the scope of the sender's token.
        UnknownSpace: there is none of that name any more.
    """
    check_scope(sender, message.space)
    offer = slot_offer(sender, message.slots)
    now = gateway.now()

    def change(queue: Queue) -> Queue:
        queue = record_offer(queue, offer)
        return set_state(queue, sender.worker_id, sender.connection_id, ready=True, now=now)

    queue = advance(gateway, message.space, change)
    answer = Offered(space=message.space, order=message.slots.order, waiting=queue.waiting)
    gateway.sockets.post(sender.connection_id, answer)
