"""The queue item: read, issue a ticket, compare-and-swap."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from msgspec.structs import replace

from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.keys import queue_key
from spaces.adapters.dynamodb.packed import as_compact_json, read_compact_json
from spaces.adapters.dynamodb.values import Item, as_json, number, read_json, read_number, text
from spaces.domain.access.quota import MINUTE, space_rate_refusal
from spaces.domain.errors import UnknownSpace
from spaces.domain.holder import Holder
from spaces.domain.queue.queue import (
    DispatchLimits,
    Place,
    Queue,
    Requeued,
    Running,
    with_holders,
)
from spaces.schema import SPACE_ID
from spaces.services.ports.gateway import SpaceRate, SwapConflict

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_JSON_FIELDS: dict[str, Any] = {
    "retry": tuple[Requeued, ...],
    "holes": tuple[int, ...],
    "running": dict[int, Running],
    "workers": dict[Holder, Place],
    "limits": DispatchLimits,
}
_ROWS = ("retry", "holes", "running", "workers")
"""Fields that grow with what the space holds; a write is billed for all of them."""
_EXISTS = "attribute_exists(version)"
_COUNTERS = ("version", "tail", "minute", "minute_count")
_OPTIONAL_NUMBERS = ("pace", "last_seen", "sweep_at", "closed_at")
_NUMBERS = ("next", *_OPTIONAL_NUMBERS)
"""What a swap writes besides the version; it never writes the other counters."""


def read_queue(
    client: "DynamoDBClient", table: str, space_id: str, *, consistent: bool
) -> Queue | None:
    """Get the queue item."""
    response = client.get_item(TableName=table, Key=queue_key(space_id), ConsistentRead=consistent)
    return queue_of(response["Item"]) if "Item" in response else None


def issue_ticket(
    client: "DynamoDBClient", table: str, space_id: str, rate: SpaceRate | None = None
) -> Queue:
    """Raise ``tail`` by one. A call repeated after a lost response only leaves a hole.

    With a rate, the same write counts the tickets of the minute.

    Raises:
        UnknownSpace: The space was deleted in the meantime.
        RateLimited: The limit of this minute is reached.
    """
    if rate is None:
        return _raise_tail(client, table, space_id, "ADD tail :one", _EXISTS, {})
    count, start = "ADD tail :one, minute_count :one", "SET #minute = :minute, minute_count = :one"
    in_minute = f"{_EXISTS} AND #minute = :minute AND minute_count < :most"
    in_new_one = f"{_EXISTS} AND (attribute_not_exists(#minute) OR #minute < :minute)"
    minute = {":minute": number(rate.now // MINUTE)}
    most = {":most": number(rate.per_minute)}
    ways = [(count, in_minute, minute | most), (f"{start} ADD tail :one", in_new_one, minute)]
    for expression, condition, values in ways if rate.started else reversed(ways):
        try:
            return _raise_tail(client, table, space_id, expression, condition, values)
        except ConditionFailed:
            continue
    raise space_rate_refusal(rate.per_minute, rate.now)


class ConditionFailed(Exception):
    """The ticket cannot be issued in this way."""


def _raise_tail(
    client: "DynamoDBClient",
    table: str,
    space_id: str,
    expression: str,
    condition: str,
    values: Item,
) -> Queue:
    names: dict[str, Any] = {"ExpressionAttributeNames": {"#minute": "minute"}} if values else {}
    try:
        response = client.update_item(
            TableName=table,
            Key=queue_key(space_id),
            UpdateExpression=expression,
            ConditionExpression=condition,
            ExpressionAttributeValues={":one": number(1), **values},
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **names,
        )
    except ClientError as error:
        item = item_in_the_way(error)
        if item is None:
            raise
        if not item:
            raise UnknownSpace(f"The space {space_id!r} no longer exists.") from error
        raise ConditionFailed from error
    return queue_of(response["Attributes"])


def swap_queue(
    client: "DynamoDBClient", table: str, before: Queue, after: Queue, swap_id: str
) -> Queue:
    """Write what differs if the version is still that of ``before``; ``tail`` is never written.

    Raises:
        SwapConflict: The version has changed, and not by this swap.
    """
    changes = {**_changes(before, after), "version": number(before.version + 1)}
    changes["swap_id"] = text(swap_id)
    names = {f"#{index}": name for index, name in enumerate(changes)}
    try:
        response = client.update_item(
            TableName=table,
            Key=queue_key(before.space_id),
            UpdateExpression="SET " + ", ".join(f"{alias} = :{alias[1:]}" for alias in names),
            ConditionExpression="version = :before",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={
                ":before": number(before.version),
                **{f":{index}": value for index, value in enumerate(changes.values())},
            },
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        item = item_in_the_way(error)
        if item is None:
            raise
        if item and item["swap_id"]["S"] == swap_id:
            return _as_swapped(after, item)
        raise SwapConflict from error
    return _as_swapped(after, response["Attributes"])


def _as_swapped(after: Queue, item: Item) -> Queue:
    """Return the queue of an item that a swap has just written, without decoding it once more."""
    return replace(after, **_numbers_of(item))


def _numbers_of(item: Item) -> dict[str, Any]:
    """Return all that is not JSON; issuing a ticket changes some of it between swaps."""
    return {
        "swap_id": item["swap_id"]["S"],
        **{name: read_number(item, name) for name in _COUNTERS},
        "next": read_number(item, "next"),
        **{name: _number_or_none(item, name) for name in _OPTIONAL_NUMBERS},
    }


def _changes(before: Queue, after: Queue) -> dict[str, Any]:
    changed = [
        name for name in (*_JSON_FIELDS, *_NUMBERS) if getattr(before, name) != getattr(after, name)
    ]
    return {name: _attribute(name, getattr(after, name)) for name in changed}


def _attribute(name: str, value: Any) -> Any:  # noqa: ANN401 - as many kinds as fields
    if value is None:
        return number(0)
    if name in _ROWS:
        return as_compact_json(value)
    return as_json(value) if name in _JSON_FIELDS else number(value)


def _number_or_none(item: Item, name: str) -> int | None:
    """Return a number; zero and a missing attribute both mean None."""
    return read_number(item, name) or None


def new_queue_item(queue: Queue) -> Item:
    """Return the item of a new queue."""
    compound = {name: _attribute(name, getattr(queue, name)) for name in _JSON_FIELDS}
    counters = {name: number(getattr(queue, name)) for name in ("version", "tail", "next")}
    return {**queue_key(queue.space_id), "swap_id": text(""), **counters, **compound}


def queue_of(item: Item) -> Queue:
    """Return the queue that an item holds."""
    compound = {
        name: (read_compact_json if name in _ROWS else read_json)(item, name, kind)
        for name, kind in _JSON_FIELDS.items()
    }
    stored = Queue(space_id=item[SPACE_ID]["S"], **_numbers_of(item), **compound)
    return with_holders(stored)
