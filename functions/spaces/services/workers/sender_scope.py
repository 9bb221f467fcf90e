"""What a worker may speak of, and what it says of its slots."""

from spaces.domain.errors import NotAllowed, RequestNotFound
from spaces.domain.queue.slot_offers import SlotOffer
from spaces.services.ports.gateway import Sender
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import Slots


def request_in_scope(sender: Sender, text: str) -> RequestId:
    """Read a request id that a worker named.

    Raises:
        RequestNotFound: it is none.
        NotAllowed: its space is not in the scope of the worker's token.
    """
    request_id = RequestId.parse(text)
    if request_id is None:
        raise RequestNotFound(f"{text[:100]!r} is no request id; forget it.")
    check_scope(sender, request_id.space)
    return request_id


def check_scope(sender: Sender, space_id: str) -> None:
    """Raise unless a worker may serve a space.

    Raises:
        NotAllowed: it is not in the scope of the worker's token.
    """
    if space_id not in sender.spaces:
        raise NotAllowed(f"This token is not for the space {space_id!r}.")


def slot_offer(sender: Sender, slots: Slots) -> SlotOffer:
    """Return what a worker said of its slots, with who said it."""
    return SlotOffer(sender.worker_id, sender.connection_id, slots.count, slots.order)
