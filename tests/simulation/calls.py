"""Calls to the outside as values: what was asked, what was answered, what an item holds."""

from typing import Any, ClassVar, NamedTuple

import msgspec

_ENCODER = msgspec.json.Encoder(order="sorted")


class Item:
    """An item of a table; equal ones are one object, so that comparing and hashing cost nothing.

    Attributes:
        value: attribute values by name, as DynamoDB has them; never changed.
        notes: what is worked out of the value once.
    """

    __slots__ = ("notes", "value")
    _known: ClassVar[dict[bytes, "Item"]] = {}

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.notes: dict[str, Any] = {}

    @classmethod
    def of(cls, value: dict[str, Any]) -> "Item":
        """Return the one object for this value."""
        packed = _ENCODER.encode(value)
        found = cls._known.get(packed)
        if found is None:
            found = cls._known[packed] = cls(value)
        return found


class Call(NamedTuple):
    """What a use case asks of the outside.

    Attributes:
        name: the operation, as the client names it.
        arguments: its arguments; the meaning is the operation's.
    """

    name: str
    arguments: Any

    @property
    def writes_table(self) -> bool:
        """Tell whether an answer that gets lost leaves a write behind."""
        return self.name in ("put_item", "update_item", "delete_item")

    @property
    def writes_object(self) -> bool:
        """Tell whether it changes what the bucket holds."""
        return self.name in ("put_object", "copy_object", "delete_object")


class Answer(NamedTuple):
    """What the outside answered; hashable, so that equal histories are one."""

    kind: str
    content: Any = None
