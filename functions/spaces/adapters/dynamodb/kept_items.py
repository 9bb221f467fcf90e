"""What has expired is gone, although DynamoDB still holds it: in reads and in conditions."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from spaces.adapters.dynamodb.values import Item, number
from spaces.domain.timing import SECOND
from spaces.schema import EXPIRES_AT

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

HAS_EXPIRED: Final = f"{EXPIRES_AT} <= :expired"
"""Condition of a write that an expired item must not stop; `as_of` gives its value."""


def as_of(now: int) -> Item:
    """Return the value of the condition `HAS_EXPIRED`; the time is in milliseconds since 1970."""
    return {":expired": number(now // SECOND)}


class KeptItems:
    """The client that all tables are read through.

    DynamoDB deletes an expired item within a few days, and reads return it until then ("Using time
    to live"). So every read leaves out what has expired. Writes pass through: a conditional write
    that an expired item must not stop has `HAS_EXPIRED` in its condition.

    Args:
        client: The client.
        now: Returns milliseconds since 1970.
    """

    def __init__(self, client: "DynamoDBClient", now: Callable[[], int]) -> None:
        self._client = client
        self._now = now

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what the client has
        """Pass everything else through."""
        return getattr(self._client, name)

    def get_item(self, **asked: Any) -> Any:  # noqa: ANN401 - boto3's response
        response: Any = self._client.get_item(**asked)
        if "Item" in response and not self._is_kept(response["Item"]):
            response = {name: value for name, value in response.items() if name != "Item"}
        return response

    def batch_get_item(self, **asked: Any) -> Any:  # noqa: ANN401 - boto3's response
        response: Any = self._client.batch_get_item(**asked)
        kept = {table: self._kept(items) for table, items in response["Responses"].items()}
        return {**response, "Responses": kept}

    def query(self, **asked: Any) -> Any:  # noqa: ANN401 - boto3's response
        response: Any = self._client.query(**asked)
        return {**response, "Items": self._kept(response["Items"])}

    def get_paginator(self, name: Any) -> "_KeptPages":  # noqa: ANN401 - the name of an operation
        return _KeptPages(self._client.get_paginator(name), self._kept)

    def _kept(self, items: list[Item]) -> list[Item]:
        return [item for item in items if self._is_kept(item)]

    def _is_kept(self, item: Item) -> bool:
        if EXPIRES_AT not in item:
            return True
        return int(item[EXPIRES_AT]["N"]) * SECOND > self._now()


class _KeptPages:
    """The pages of a query or scan, without what has expired."""

    def __init__(self, paginator: Any, kept: Callable[[list[Item]], list[Item]]) -> None:  # noqa: ANN401
        self._paginator = paginator
        self._kept = kept

    def paginate(self, **asked: Any) -> Iterator[Any]:  # noqa: ANN401 - as boto3
        for page in self._paginator.paginate(**asked):
            yield {**page, "Items": self._kept(page["Items"])}
