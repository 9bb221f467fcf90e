"""The request id: space, ticket and an unguessable nonce in one string."""

import re
from typing import NamedTuple, Self

from spaces_protocol.limits import SPACE_NAME

_SHAPE = re.compile(
    rf"(?P<space>{SPACE_NAME})\.(?P<ticket>[1-9]\d{{0,11}})\.(?P<nonce>[A-Za-z0-9_-]{{22}})"
)


class RequestId(NamedTuple):
    """Identifies one request.

    The nonce is 128 random bits in unpadded base64url. Without it nobody can read or answer the
    request, so the id is also the secret of its share link.

    Attributes:
        space: the name of the space.
        ticket: its sequence number in the space, from 1.
        nonce: 22 characters.
    """

    space: str
    ticket: int
    nonce: str

    def __str__(self) -> str:
        """Return the text form: ``space.ticket.nonce``."""
        return f"{self.space}.{self.ticket}.{self.nonce}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Parse the text form; None if it is malformed."""
        match = _SHAPE.fullmatch(text)
        if match is None:
            return None
        return cls(match["space"], int(match["ticket"]), match["nonce"])
