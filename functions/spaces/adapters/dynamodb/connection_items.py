"""The connections table: which workers are connected, and since when."""

from typing import TYPE_CHECKING

from spaces.adapters.dynamodb.keys import connection_key
from spaces.adapters.dynamodb.values import (
    Item,
    as_json,
    number,
    read_json,
    read_number,
    read_text,
    text,
)
from spaces.domain.timing import CONNECTION_RETENTION, SECOND
from spaces.schema import CONNECTION_ID, EXPIRES_AT
from spaces.services.ports.gateway import Connection, Sender

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class ConnectionTable:
    """The connections table: implements `spaces.services.ports.gateway.ConnectionStore`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def open(self, sender: Sender, *, now: int) -> None:
        item = {
            **connection_key(sender.connection_id),
            "worker_id": text(sender.worker_id),
            "token_id": text(sender.token_id),
            "connected_at": number(sender.connected_at),
            EXPIRES_AT: number((now + CONNECTION_RETENTION) // SECOND),
        }
        self._client.put_item(TableName=self._table, Item=item)

    def describe(self, sender: Sender, *, spaces: list[str], agent: str, capacity: int) -> None:
        """Update the record. If the connection has closed in the meantime, the record expires."""
        self._client.update_item(
            TableName=self._table,
            Key=connection_key(sender.connection_id),
            UpdateExpression=(
                "SET #spaces = :spaces, #agent = :agent, #capacity = :capacity,"
                " #worker_id = :worker_id, #expires_at = :expires_at"
            ),
            ExpressionAttributeNames={
                f"#{name}": name
                for name in ("spaces", "agent", "capacity", "worker_id", EXPIRES_AT)
            },
            ExpressionAttributeValues={
                ":spaces": as_json(spaces),
                ":agent": text(agent),
                ":capacity": number(capacity),
                ":worker_id": text(sender.worker_id),
                ":expires_at": number((sender.connected_at + CONNECTION_RETENTION) // SECOND),
            },
        )

    def list(self) -> list[Connection]:
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table, ConsistentRead=True
        )
        found = (_connection_of(item) for page in pages for item in page["Items"])
        return [connection for connection in found if connection is not None]

    def find(self, connection_id: str) -> Connection | None:
        response = self._client.get_item(
            TableName=self._table, Key=connection_key(connection_id), ConsistentRead=True
        )
        return _connection_of(response.get("Item", {}))

    def close(self, connection_id: str) -> None:
        self._client.delete_item(TableName=self._table, Key=connection_key(connection_id))


def _connection_of(item: Item) -> Connection | None:
    """Return a connection; None if it closed before its record was complete."""
    if "connected_at" not in item:
        return None
    return Connection(
        connection_id=item[CONNECTION_ID]["S"],
        worker_id=item["worker_id"]["S"],
        token_id=item["token_id"]["S"],
        connected_at=read_number(item, "connected_at"),
        spaces=read_json(item, "spaces", tuple[str, ...]) if "spaces" in item else (),
        agent=read_text(item, "agent") or "",
        capacity=read_number(item, "capacity"),
    )
