"""Lists of requests by ticket and by owner, and their removal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec.structs import replace

from spaces.adapters.dynamodb.batches import get_all
from spaces.adapters.dynamodb.keys import payload_key, request_key
from spaces.adapters.dynamodb.payloads import UnreadablePayload, unpack
from spaces.adapters.dynamodb.request_shape import is_tombstone, request_of, tombstone_item
from spaces.adapters.dynamodb.values import Item, read_each, text
from spaces.domain.errors import InvalidInput
from spaces.domain.request import Request
from spaces.schema import CREATED_AT, OWNER, REQUESTS_BY_OWNER_INDEX, SPACE_ID, TICKET
from spaces.services.ports.access_stores import FoundRequests, HistoryPage
from spaces_protocol.fields import SpaceName

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

PAGE = 50


_Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{12,16}$")]
"""A ticket or a time; DynamoDB rejects empty and very long keys."""


class _Cursor(msgspec.Struct, array_like=True):
    """Where a page of an owner's requests ended."""

    space_id: SpaceName
    ticket: _Digits
    created_at: _Digits


class RequestLists:
    """Requests: implements `spaces.services.ports.access_stores.RequestHistory`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read_many(self, space_id: str, tickets: Sequence[int]) -> FoundRequests:
        keys = [request_key(space_id, ticket) for ticket in tickets]
        return self._read(keys)

    def of_owner(self, owner: str, cursor: str | None) -> HistoryPage:
        start = {"ExclusiveStartKey": _start(owner, cursor)} if cursor else {}
        response: Any = self._client.query(
            TableName=self._table,
            IndexName=REQUESTS_BY_OWNER_INDEX,
            KeyConditionExpression="#owner = :owner",
            ExpressionAttributeNames={"#owner": OWNER},
            ExpressionAttributeValues={":owner": text(owner)},
            ScanIndexForward=False,
            Limit=PAGE,
            **start,
        )
        keys = [{name: item[name] for name in (SPACE_ID, TICKET)} for item in response["Items"]]
        found, unreadable = self._read(keys)
        found.sort(key=lambda request: request.created_at, reverse=True)
        last = response.get("LastEvaluatedKey")
        return HistoryPage(found, _cursor_of(last) if last else None, unreadable)

    def files_beside(self, request: Request) -> list[str]:
        item = self._find(request)
        return [item[name]["S"] for name in ("input_file", "result_file") if name in item]

    def remove(self, request: Request, now: int) -> None:
        """Delete the payload items first, so that a repeated call after a crash finds them.

        A tombstone replaces the request: a submit repeated with its Idempotency-Key must not store
        it again under a ticket that was served long ago.
        """
        item = self._find(request)
        for name in ("input_item", "result_item"):
            if name in item:
                part = payload_key(request.space_id, request.ticket, item[name]["S"])
                self._client.delete_item(TableName=self._table, Key=part)
        tombstone = tombstone_item(request.space_id, request.ticket, now)
        self._client.put_item(TableName=self._table, Item=tombstone)

    def _find(self, request: Request) -> Item:
        key = request_key(request.space_id, request.ticket)
        response = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return response.get("Item", {})

    def _read(self, keys: list[Any]) -> FoundRequests:
        items = [i for i in get_all(self._client, self._table, keys) if not is_tombstone(i)]
        return FoundRequests(*read_each(items, _with_prompt))


def _with_prompt(item: Item) -> Request:
    """Return the request with the part of its input that its item contains and that can be read."""
    if "input" in item:
        try:
            return replace(request_of(item), input=unpack(item["input"]["B"]))
        except UnreadablePayload:
            return replace(request_of(item), damaged=True)
    excerpt = {"excerpt": item["excerpt"]["S"]} if "excerpt" in item else {}
    return replace(request_of(item), input=excerpt)


def _cursor_of(key: Item) -> str:
    cursor = _Cursor(key[SPACE_ID]["S"], key[TICKET]["S"], key[CREATED_AT]["S"])
    return msgspec.json.encode(cursor).hex()


def _start(owner: str, cursor: str) -> Any:  # noqa: ANN401 - a key of the index
    try:
        at = msgspec.json.decode(bytes.fromhex(cursor), type=_Cursor)
    except (ValueError, msgspec.MsgspecError) as error:
        raise InvalidInput("cursor is not valid for this list. Start without a cursor.") from error
    return {
        OWNER: text(owner),
        SPACE_ID: text(at.space_id),
        TICKET: text(at.ticket),
        CREATED_AT: text(at.created_at),
    }
