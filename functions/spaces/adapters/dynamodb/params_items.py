"""Declared parameters, beside the definitions of their spaces."""

from typing import TYPE_CHECKING, Any

import msgspec

from spaces.adapters.dynamodb.keys import params_key
from spaces.adapters.dynamodb.values import UNREADABLE, as_json

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_SCHEMA = "params_schema"


class ParamsItems:
    """Declared parameters: implements `spaces.services.ports.params_store.ParamsStore`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def find(self, space_id: str) -> dict[str, Any] | None:
        response = self._client.get_item(TableName=self._table, Key=params_key(space_id))
        if "Item" not in response:
            return None
        try:
            kept: str = response["Item"][_SCHEMA]["S"]
            return msgspec.json.decode(kept, type=dict[str, Any] | None)
        except UNREADABLE:
            return None

    def declare(self, space_id: str, schema: dict[str, Any] | None) -> None:
        """Overwrite the declaration: the last worker wins."""
        self._client.update_item(
            TableName=self._table,
            Key=params_key(space_id),
            UpdateExpression="SET #schema = :schema",
            ExpressionAttributeNames={"#schema": _SCHEMA},
            ExpressionAttributeValues={":schema": as_json(schema)},
        )
