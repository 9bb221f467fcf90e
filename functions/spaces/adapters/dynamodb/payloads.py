"""Stores inputs and results in the request, in an item beside it, or in S3, depending on size.

An update is billed for the size of the whole item, so large payloads stay out of the request.
"""

import zlib
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from spaces.adapters.dynamodb.keys import payload_key
from spaces.adapters.dynamodb.values import UNREADABLE, Item, blob, number, text
from spaces.schema import EXPIRES_AT
from spaces.services.ports.file_store import NoLongerStored
from spaces_protocol.limits import MAX_SOCKET_INPUT_BYTES

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

INLINE_BYTES: Final = 1024
ITEM_BYTES: Final = MAX_SOCKET_INPUT_BYTES + 16 * 1024
"""The largest possible input with its files, so that only results become files here."""
_COMPRESSED: Final = b"z"
_PLAIN: Final = b"j"


class Files(Protocol):
    """Objects in the files bucket."""

    def put(self, key: str, content: bytes) -> str:
        """Store an object."""

    def get(self, key: str) -> bytes:
        """Read an object; raises `NoLongerStored`."""


class Payloads:
    """Stores payloads depending on size, and finds them again."""

    def __init__(self, client: "DynamoDBClient", table: str, files: Files) -> None:
        self._client = client
        self._table = table
        self._files = files

    def place(self, space_id: str, ticket: int, part: str, value: object, expires_at: int) -> Item:
        """Store a payload and return the attributes that refer to it from the request.

        Args:
            space_id: The space of the request.
            ticket: The ticket of the request.
            part: A name and random text, ``input#…`` or ``result#…``; never used twice.
            value: The payload.
            expires_at: Seconds since 1970.
        """
        content = pack(value)
        name = part.partition("#")[0]
        if len(content) <= INLINE_BYTES:
            return {name: blob(content)}
        if len(content) <= ITEM_BYTES:
            item = {
                **payload_key(space_id, ticket, part),
                "content": blob(content),
                EXPIRES_AT: number(expires_at),
            }
            self._client.put_item(TableName=self._table, Item=item)
            return {f"{name}_item": text(part)}
        key = f"{name}s/{space_id}/{ticket}/{part.partition('#')[2]}"
        self._files.put(key, content)
        return {f"{name}_file": text(key)}

    def find(self, item: Item, space_id: str, ticket: int, name: str) -> dict[str, Any] | None:
        """Return the payload that a request's item refers to; None if it refers to none.

        Raises:
            NoLongerStored: It expired before the request.
            UnreadablePayload: It cannot be read.
        """
        if name in item:
            return unpack(item[name]["B"])
        if f"{name}_item" in item:
            key = payload_key(space_id, ticket, item[f"{name}_item"]["S"])
            kept = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
            if "Item" not in kept:
                raise NoLongerStored(key)
            return unpack(kept["Item"]["content"]["B"])
        if f"{name}_file" in item:
            return unpack(self._files.get(item[f"{name}_file"]["S"]))
        return None


def pack(value: object) -> bytes:
    """Return a value as JSON, compressed if that is smaller."""
    plain = msgspec.json.encode(value)
    packed = zlib.compress(plain, 6)
    return _COMPRESSED + packed if len(packed) < len(plain) else _PLAIN + plain


class UnreadablePayload(Exception):
    """A stored payload is damaged, or nested too deeply for this stack."""


def unpack(content: bytes) -> dict[str, Any]:
    """Return what `pack` packed.

    Raises:
        UnreadablePayload: It cannot be read.
    """
    kind, body = content[:1], content[1:]
    try:
        plain = zlib.decompress(body) if kind == _COMPRESSED else body
        return msgspec.json.decode(plain, type=dict[str, Any])
    except UNREADABLE as error:
        raise UnreadablePayload from error
