"""How far a list of the requests of many spaces has come, as a cursor of bounded length."""

from base64 import b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import Final, NamedTuple

from spaces.domain.errors import InvalidInput
from spaces.domain.queue.queue import Queue

MAX_SPACES: Final = 300
"""A cursor of them has 4,004 characters; CloudFront's longest address has 8,192 ("Quotas")."""
_NAME, _TICKET, _COUNT = 5, 5, 3
"""Bytes of a space's hash (of 300, two are alike once in 24 million lists), a ticket, a count."""
_RECORD: Final = _NAME + _TICKET
_LAST_TICKET: Final = 10**12


class Positions(NamedTuple):
    """Where a list stands.

    Attributes:
        at: by space, the next ticket to look at; 0 where nothing is left.
        left_off: how many spaces are not looked at.
    """

    at: dict[str, int]
    left_off: int = 0


def begin(queues: list[Queue]) -> Positions:
    """Begin with the last ticket of each space, the liveliest first if there are too many."""
    chosen = sorted(queues, key=_liveliness, reverse=True)[:MAX_SPACES]
    at = {queue.space_id: queue.tail for queue in chosen}
    return Positions(at, len(queues) - len(chosen))


def write(positions: Positions) -> str:
    """Return a cursor: a space that came since is not in it, and has only newer requests."""
    told = positions.left_off.to_bytes(_COUNT, "big") + b"".join(
        _hash(space_id) + ticket.to_bytes(_TICKET, "big")
        for space_id, ticket in positions.at.items()
    )
    return urlsafe_b64encode(told).decode().rstrip("=")


def read(cursor: str, queues: list[Queue]) -> Positions:
    """Read a cursor; a space that has gone since is left out.

    Raises:
        InvalidInput: it is none of ours.
    """
    try:
        told = b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise _unknown() from error
    count, records = told[:_COUNT], told[_COUNT:]
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


def _liveliness(queue: Queue) -> tuple[bool, int, str]:
    return bool(queue.length or queue.running), queue.last_seen or 0, queue.space_id


def _hash(space_id: str) -> bytes:
    return blake2b(space_id.encode(), digest_size=_NAME).digest()


def _unknown() -> InvalidInput:
    return InvalidInput("cursor: it is none of this list's; begin without one.")
