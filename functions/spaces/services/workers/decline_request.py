"""Requeues a request that its worker cannot start because other spaces have its slots."""

from spaces.domain.queue.places import set_state
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.slot_offers import decline
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.change_queue import read_queue
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.workers.sender_scope import request_in_scope, slot_offer
from spaces_protocol.worker_messages import Decline


def decline_request(gateway: Gateway, sender: Sender, message: Decline) -> None:
    """Return the request to its place in the queue, and limit its worker to its offer.

    A late or repeated message changes nothing. Another worker with a free slot gets the request
    at once.

    Raises:
        NotAllowed: The request's space is outside the scope of the sender's token.
        RequestNotFound: The request id is malformed.
    """
    request_id = request_in_scope(sender, message.request_id)
    offer = slot_offer(sender, message.slots)
    now = gateway.now()

    queue = read_queue(gateway, request_id.space)
    was_held = queue.is_held(request_id.ticket, sender.holder, message.attempt)

    def change(queue: Queue) -> Queue:
        queue = decline(queue, request_id.ticket, message.attempt, offer)
        return set_state(queue, sender.holder, sender.connection_id, ready=True, now=now)

    advance(gateway, request_id.space, change, queue=queue)
    if was_held:
        gateway.log_event(
            "request_declined", request_id=str(request_id), worker_id=sender.worker_id
        )
