"""Batch reads that retry what DynamoDB left unprocessed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from spaces.adapters.dynamodb.values import Item

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_KEYS: Final = 100
"""Quota of BatchGetItem (DynamoDB API reference)."""
MAX_TRIES: Final = 8


def get_all(client: "DynamoDBClient", table: str, keys: list[Any]) -> Iterator[Item]:
    """Read items of one table by key, eventually consistent; missing ones are omitted."""
    for start in range(0, len(keys), MAX_KEYS):
        wanted = {table: {"Keys": keys[start : start + MAX_KEYS]}}
        for _, item in get_from_tables(client, wanted):
            yield item


def get_from_tables(client: "DynamoDBClient", wanted: dict[str, Any]) -> Iterator[tuple[str, Item]]:
    """Read up to `MAX_KEYS` items, given as BatchGetItem's ``RequestItems``, with their table.

    Raises:
        RuntimeError: DynamoDB left keys unprocessed in every try.
    """
    for _ in range(MAX_TRIES):
        response = client.batch_get_item(RequestItems=wanted)
        for table, items in response["Responses"].items():
            yield from ((table, item) for item in items)
        wanted = dict(response.get("UnprocessedKeys") or {})
        if not wanted:
            return
    raise RuntimeError("DynamoDB left keys unprocessed")
