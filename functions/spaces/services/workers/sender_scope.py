"""Checks what a worker refers to against the scope of its token."""

from spaces.domain.errors import NotAllowed, RequestNotFound
from spaces.domain.queue.slot_offers import SlotOffer
from spaces.services.ports.gateway import Sender
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import Slots


def request_in_scope(sender: Sender, text: str) -> RequestId:
    """Parse a request id from a worker's message.

    Raises:
        RequestNotFound: It is malformed.
        NotAllowed: Its space is outside the scope of the worker's token.
    """
    request_id = RequestId.parse(text)
    if request_id is None:
        raise RequestNotFound(f"{text[:100]!r} is not a valid request id. Discard it.")
    check_scope(sender, request_id.space)
    return request_id


def check_scope(sender: Sender, space_id: str) -> None:
    """Raise unless the worker may serve a space.

    Raises:
        NotAllowed: The space is outside the scope of the worker's token.
    """
    if space_id not in sender.spaces:
        raise NotAllowed(f"This token is not for the space {space_id!r}.")


def slot_offer(sender: Sender, slots: Slots) -> SlotOffer:
    """Return an offer of slots together with its sender."""
    return SlotOffer(sender.holder, sender.connection_id, slots.count, slots.order)
