"""Who calls: nobody known, a person who signed in, or a program with an API key."""

from typing import Final

from msgspec import Struct

from spaces.domain.access.quota import CallerLimits

ADMINISTRATORS: Final = "admins"
"""Name of the group whose members administer the gateway."""


class Anonymous(Struct, frozen=True):
    """Somebody of whom only the network address is known, as a keyed hash."""

    address: str


class User(Struct, frozen=True):
    """A person who signed in.

    Attributes:
        sub: who it is for ever; names may be used again.
    """

    sub: str
    name: str
    groups: frozenset[str] = frozenset()

    @property
    def is_administrator(self) -> bool:
        """Whether the person administers the gateway."""
        return ADMINISTRATORS in self.groups


class Key(Struct, frozen=True):
    """A program that came with an API key.

    Attributes:
        spaces: the only ones that it may use.
        made_at: when; spaces that are younger are later ones of their names. None if unknown.
    """

    key_id: str
    label: str
    spaces: frozenset[str]
    limits: CallerLimits
    made_at: int | None = None


Caller = Anonymous | User | Key


def owner_of(caller: Caller | None) -> str | None:
    """Return under what a caller's requests are found again; None if they are nobody's."""
    if isinstance(caller, User):
        return f"user#{caller.sub}"
    return f"key#{caller.key_id}" if isinstance(caller, Key) else None


def name_of(caller: Caller | None) -> str | None:
    """Return how administrators know the owner of a request."""
    if isinstance(caller, User):
        return caller.name
    return f"key {caller.label or caller.key_id}" if isinstance(caller, Key) else None
