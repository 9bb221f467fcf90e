"""A cursor of bounded length for a list of requests of many spaces."""

from base64 import b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import Final, NamedTuple

from spaces.domain.errors import InvalidInput
from spaces.domain.queue.queue import Queue

MAX_SPACES: Final = 300
"""A cursor for all of them has 4,004 characters; CloudFront allows URLs of 8,192 ("Quotas")."""
_NAME, _TICKET, _COUNT = 5, 5, 3
"""Bytes of a space's hash (300 hashes collide once in 24 million lists), a ticket, a count."""
_RECORD: Final = _NAME + _TICKET
_LAST_TICKET: Final = 10**12


class Positions(NamedTuple):
    """How far a list has come.

    Attributes:
        at: By space, the next ticket to read; 0 if none is left.
        left_off: How many spaces are not included.
    """

    at: dict[str, int]
    left_off: int = 0


def begin(queues: list[Queue]) -> Positions:
    """Begin with the last ticket of each space; prefer active spaces if there are too many."""
    chosen = sorted(queues, key=_activity, reverse=True)[:MAX_SPACES]
    at = {queue.space_id: queue.tail for queue in chosen}
    return Positions(at, len(queues) - len(chosen))


def write(positions: Positions) -> str:
    """Return the cursor. A space created since is missing, but has only newer requests."""
    packed = positions.left_off.to_bytes(_COUNT, "big") + b"".join(
        _hash(space_id) + ticket.to_bytes(_TICKET, "big")
        for space_id, ticket in positions.at.items()
    )
    return urlsafe_b64encode(packed).decode().rstrip("=")


def read(cursor: str, queues: list[Queue]) -> Positions:
    """Parse a cursor, skipping spaces deleted since.

    Raises:
        InvalidInput: The cursor is not valid.
    """
    try:
        packed = b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise _unknown() from error
    count, records = packed[:_COUNT], packed[_COUNT:]
    if not records or len(records) % _RECORD or len(records) > MAX_SPACES * _RECORD:
        raise _unknown()
    known = {}
    for start in range(0, len(records), _RECORD):
        name, ticket = records[start : start + _NAME], records[start + _NAME : start + _RECORD]
        known[name] = int.from_bytes(ticket, "big")
    if max(known.values()) >= _LAST_TICKET:
        raise _unknown()
    at = {
        queue.space_id: min(known[name], queue.tail)
        for queue in queues
        if (name := _hash(queue.space_id)) in known
    }
    return Positions(at, int.from_bytes(count, "big"))


def _activity(queue: Queue) -> tuple[bool, int, str]:
    return bool(queue.length or queue.running), queue.last_seen or 0, queue.space_id


def _hash(space_id: str) -> bytes:
    return blake2b(space_id.encode(), digest_size=_NAME).digest()


def _unknown() -> InvalidInput:
    return InvalidInput("cursor is not valid for this list. Start without a cursor.")
