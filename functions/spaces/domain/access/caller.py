"""Kinds of caller: anonymous, a signed-in user, or a program with an API key."""

from typing import Final

from msgspec import Struct

from spaces.domain.access.quota import CallerLimits

ADMINISTRATORS: Final = "admins"
"""Name of the group of administrators."""


class Anonymous(Struct, frozen=True):
    """A caller known only by a keyed hash of its network address."""

    address: str


class User(Struct, frozen=True):
    """A signed-in user.

    Attributes:
        sub: A permanent id; names may be reused.
    """

    sub: str
    name: str
    groups: frozenset[str] = frozenset()

    @property
    def is_administrator(self) -> bool:
        """Whether the user is an administrator."""
        return ADMINISTRATORS in self.groups


class Key(Struct, frozen=True):
    """A program with an API key.

    Attributes:
        spaces: The only spaces that it may use.
        made_at: When the key was made; it does not apply to spaces created later. None if
            unknown.
    """

    key_id: str
    label: str
    spaces: frozenset[str]
    limits: CallerLimits
    made_at: int | None = None


Caller = Anonymous | User | Key


def owner_of(caller: Caller | None) -> str | None:
    """Return the owner id of a caller's requests; None for an anonymous caller."""
    if isinstance(caller, User):
        return f"user#{caller.sub}"
    return f"key#{caller.key_id}" if isinstance(caller, Key) else None


def name_of(caller: Caller | None) -> str | None:
    """Return the name by which administrators see the owner of a request."""
    if isinstance(caller, User):
        return caller.name
    return f"key {caller.label or caller.key_id}" if isinstance(caller, Key) else None
