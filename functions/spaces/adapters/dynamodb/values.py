"""Python values to DynamoDB's attribute values and back. Compound values travel as JSON text."""

import zlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from spaces.domain.access.credential import RETENTION_AFTER_END
from spaces.domain.timing import SECOND

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

Item = dict[str, Any]
T = TypeVar("T")
UNREADABLE: Final = (msgspec.MsgspecError, RecursionError, ValueError, KeyError, zlib.error)
"""What reading a damaged item raises, or one that is nested too deeply for this stack."""


def read_each(items: Iterable[Item], read: Callable[[Item], T]) -> tuple[list[T], int]:
    """Read items; return those that can be read, and how many cannot."""
    found: list[T] = []
    unreadable = 0
    for item in items:
        try:
            found.append(read(item))
        except UNREADABLE:
            unreadable += 1
    return found, unreadable


def number(value: int) -> "AttributeValueTypeDef":
    """Return a number attribute."""
    return {"N": str(value)}


def forgotten_at(ends_at: int) -> "AttributeValueTypeDef":
    """Return when DynamoDB may delete what is kept of a secret that ends then."""
    return number((ends_at + RETENTION_AFTER_END) // SECOND)


def text(value: str) -> "AttributeValueTypeDef":
    """Return a string attribute."""
    return {"S": value}


def blob(value: bytes) -> "AttributeValueTypeDef":
    """Return a binary attribute."""
    return {"B": value}


def as_json(value: object) -> "AttributeValueTypeDef":
    """Return any value as JSON in a string attribute."""
    return {"S": msgspec.json.encode(value).decode()}


def read_number(item: Item, name: str, default: int = 0) -> int:
    """Return a number attribute, or the default if there is none."""
    return int(item[name]["N"]) if name in item else default


def read_text(item: Item, name: str) -> str | None:
    """Return a string attribute, or None if there is none."""
    value: str | None = item[name]["S"] if name in item else None
    return value


def read_json(item: Item, name: str, kind: type[T]) -> T:
    """Return a value stored by `as_json`."""
    return msgspec.json.decode(item[name]["S"], type=kind)
