"""What workers declare, beside the definitions of their spaces."""

from typing import TYPE_CHECKING, Any, Final, TypeVar

from spaces.adapters.dynamodb.keys import params_key
from spaces.adapters.dynamodb.values import UNREADABLE, Item, as_json, read_json
from spaces.services.ports.declaration_store import Declaration
from spaces_protocol.examples import Example

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_SCHEMA: Final = "params_schema"
_ENDPOINTS: Final = "endpoints"
_EXAMPLES: Final = "examples"
T = TypeVar("T")


class DeclarationItems:
    """Declarations: implements `spaces.services.ports.declaration_store.DeclarationStore`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def find(self, space_id: str, *, consistent: bool = False) -> Declaration:
        response = self._client.get_item(
            TableName=self._table, Key=params_key(space_id), ConsistentRead=consistent
        )
        item = response.get("Item", {})
        return Declaration(
            params_schema=_read(item, _SCHEMA, dict[str, Any]),
            endpoints=_read(item, _ENDPOINTS, tuple[str, ...]) or (),
            examples=_read(item, _EXAMPLES, tuple[Example, ...]) or (),
        )

    def declare(self, space_id: str, declaration: Declaration) -> None:
        """Overwrite the declaration: the last worker wins."""
        self._client.update_item(
            TableName=self._table,
            Key=params_key(space_id),
            UpdateExpression=(
                "SET #schema = :schema, #endpoints = :endpoints, #examples = :examples"
            ),
            ExpressionAttributeNames={
                "#schema": _SCHEMA,
                "#endpoints": _ENDPOINTS,
                "#examples": _EXAMPLES,
            },
            ExpressionAttributeValues={
                ":schema": as_json(declaration.params_schema),
                ":endpoints": as_json(declaration.endpoints),
                ":examples": as_json(declaration.examples),
            },
        )


def _read(item: Item, name: str, kind: type[T]) -> T | None:
    """Return a part of a declaration; None if there is none or it cannot be read."""
    try:
        return read_json(item, name, kind | None) if name in item else None  # type: ignore[arg-type]
    except UNREADABLE:
        return None
