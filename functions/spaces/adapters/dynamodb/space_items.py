"""The spaces table: definitions and queues. See docs/access-patterns.md."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from spaces.adapters.dynamodb import queue_items
from spaces.adapters.dynamodb.batches import get_all
from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.earlier_definitions import read_definition
from spaces.adapters.dynamodb.keys import (
    DEFINITION,
    definition_key,
    queue_key,
)
from spaces.adapters.dynamodb.values import Item, as_json, number, read_each, text
from spaces.domain.queue.queue import Queue
from spaces.domain.space import Definition
from spaces.schema import LISTED, PUBLIC_SPACES_INDEX, RECORD, SPACE_ID
from spaces.services.ports.gateway import FoundSpaces, Space, SpaceRate

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class SpaceTable:
    """The spaces table: implements `spaces.services.ports.gateway.SpaceStore`."""

    def __init__(
        self, client: "DynamoDBClient", table: str, random_text: Callable[[], str]
    ) -> None:
        self._client = client
        self._table = table
        self._random_text = random_text

    def load(self, space_id: str) -> Space | None:
        keys = [definition_key(space_id), queue_key(space_id)]
        items = {item[RECORD]["S"]: item for item in get_all(self._client, self._table, keys)}
        if len(items) < len(keys):
            return None
        return Space(_definition_of(items[DEFINITION]), queue_items.queue_of(items["queue"]))

    def list_kinds(self, kinds: Sequence[str]) -> FoundSpaces:
        listed = [item for kind in kinds for item in self._listed(kind)]
        definitions, damaged_definitions = read_each(listed, _definition_of)
        keys = [queue_key(definition.space_id) for definition in definitions]
        items = get_all(self._client, self._table, keys)
        found, damaged_queues = read_each(items, queue_items.queue_of)
        queues = {queue.space_id: queue for queue in found}
        spaces = [
            Space(definition, queues[definition.space_id])
            for definition in definitions
            if definition.space_id in queues
        ]
        return FoundSpaces(spaces, damaged_definitions + damaged_queues)

    def _listed(self, kind: str) -> list[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=PUBLIC_SPACES_INDEX,
            KeyConditionExpression="#listed = :kind",
            ExpressionAttributeNames={"#listed": LISTED},
            ExpressionAttributeValues={":kind": text(kind)},
        )
        return [item for page in pages for item in page["Items"]]

    def definition(self, space_id: str) -> Definition | None:
        answer = self._client.get_item(
            TableName=self._table, Key=definition_key(space_id), ConsistentRead=True
        )
        return _definition_of(answer["Item"]) if "Item" in answer else None

    def create(self, definition: Definition) -> bool:
        """Put the queue first, so that a definition never lacks one; each only if it is new."""
        queue = Queue(space_id=definition.space_id, limits=definition.dispatch_limits())
        self._put_if_new(queue_items.new_queue_item(queue))
        return self._put_if_new(
            {**_definition_item(definition), "creation_id": text(self._random_text())}
        )

    def edit(self, definition: Definition, *, of_version: int) -> bool:
        item = {**_definition_item(definition), "edit_id": text(self._random_text())}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="edition = :before",
                ExpressionAttributeValues={":before": number(of_version)},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            kept = item_in_the_way(error)
            if kept is None:
                raise
            return bool(kept.get("edit_id") == item["edit_id"])
        return True

    def remove(self, definition: Definition) -> None:
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=definition_key(definition.space_id),
                ConditionExpression="edition = :before",
                ExpressionAttributeValues={":before": number(definition.version)},
            )
        except ClientError as error:
            if item_in_the_way(error) is None:
                raise

    def read_queue(self, space_id: str, *, consistent: bool = True) -> Queue | None:
        return queue_items.read_queue(self._client, self._table, space_id, consistent=consistent)

    def issue_ticket(self, space_id: str, rate: SpaceRate | None = None) -> Queue:
        return queue_items.issue_ticket(self._client, self._table, space_id, rate)

    def swap(self, before: Queue, after: Queue) -> Queue:
        swap_id = self._random_text()
        return queue_items.swap_queue(self._client, self._table, before, after, swap_id)

    def _put_if_new(self, item: Item) -> bool:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(#space_id)",
                ExpressionAttributeNames={"#space_id": SPACE_ID},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            kept = item_in_the_way(error)
            if kept is None:
                raise
            return kept == item
        return True


def _definition_item(definition: Definition) -> Item:
    return {
        **definition_key(definition.space_id),
        DEFINITION: as_json(definition),
        "edition": number(definition.version),
        LISTED: text(definition.visibility),
    }


def _definition_of(item: Item) -> Definition:
    return read_definition(item[DEFINITION]["S"])
