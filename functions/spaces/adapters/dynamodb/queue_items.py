"""The queue item: read, issue a ticket, compare-and-swap."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.keys import queue_key
from spaces.adapters.dynamodb.values import Item, as_json, number, read_json, read_number, text
from spaces.domain.errors import UnknownSpace
from spaces.domain.queue import DispatchLimits, HandedBack, Place, Queue, Running
from spaces.schema import SPACE_ID
from spaces.services.gateway import SwapConflict

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_JSON_FIELDS: dict[str, Any] = {
    "retry": tuple[HandedBack, ...],
    "holes": tuple[int, ...],
    "running": dict[int, Running],
    "workers": dict[str, Place],
    "limits": DispatchLimits,
}
_NUMBERS = ("next", "pace", "last_seen", "sweep_at")


def read_queue(
    client: "DynamoDBClient", table: str, space_id: str, *, consistent: bool
) -> Queue | None:
    """Get the queue item."""
    answer = client.get_item(TableName=table, Key=queue_key(space_id), ConsistentRead=consistent)
    return queue_of(answer["Item"]) if "Item" in answer else None


def issue_ticket(client: "DynamoDBClient", table: str, space_id: str) -> Queue:
    """Raise ``tail`` by one; a call repeated after a lost answer only leaves a hole.

    Raises:
        UnknownSpace: the space was deleted meanwhile.
    """
    try:
        answer = client.update_item(
            TableName=table,
            Key=queue_key(space_id),
            UpdateExpression="ADD tail :one",
            ConditionExpression="attribute_exists(version)",
            ExpressionAttributeValues={":one": number(1)},
            ReturnValues="ALL_NEW",
        )
    except client.exceptions.ConditionalCheckFailedException as error:
        raise UnknownSpace(f"There is no space {space_id!r} any more.") from error
    return queue_of(answer["Attributes"])


def swap_queue(
    client: "DynamoDBClient", table: str, before: Queue, after: Queue, swap_id: str
) -> Queue:
    """Write what differs if the version still is ``before``'s; ``tail`` is never written.

    Raises:
        SwapConflict: the version has moved on, and not by this very swap.
    """
    changes = {**_changes(before, after), "version": number(before.version + 1)}
    changes["swap_id"] = text(swap_id)
    names = {f"#{index}": name for index, name in enumerate(changes)}
    try:
        answer = client.update_item(
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
            return queue_of(item)
        raise SwapConflict from error
    return queue_of(answer["Attributes"])


def _changes(before: Queue, after: Queue) -> dict[str, Any]:
    changed = [
        name for name in (*_JSON_FIELDS, *_NUMBERS) if getattr(before, name) != getattr(after, name)
    ]
    return {name: _attribute(name, getattr(after, name)) for name in changed}


def _attribute(name: str, value: Any) -> Any:  # noqa: ANN401 - as many kinds as fields
    if value is None:
        return number(0)
    return as_json(value) if name in _JSON_FIELDS else number(value)


def _number_or_none(item: Item, name: str) -> int | None:
    """Return a number; zero and a missing attribute both mean that there is none."""
    return read_number(item, name) or None


def new_queue_item(queue: Queue) -> Item:
    """Return the item of a queue that is to be created."""
    empty = {name: as_json(getattr(queue, name)) for name in _JSON_FIELDS}
    counters = {name: number(getattr(queue, name)) for name in ("version", "tail", "next")}
    return {**queue_key(queue.space_id), "swap_id": text(""), **counters, **empty}


def queue_of(item: Item) -> Queue:
    """Return the queue that an item holds."""
    compound = {name: read_json(item, name, kind) for name, kind in _JSON_FIELDS.items()}
    return Queue(
        space_id=item[SPACE_ID]["S"],
        version=read_number(item, "version"),
        swap_id=item["swap_id"]["S"],
        tail=read_number(item, "tail"),
        next=read_number(item, "next"),
        pace=_number_or_none(item, "pace"),
        last_seen=_number_or_none(item, "last_seen"),
        sweep_at=_number_or_none(item, "sweep_at"),
        **compound,
    )
