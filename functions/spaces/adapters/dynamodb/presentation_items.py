"""What people read about a space, beside its definition."""

from typing import TYPE_CHECKING, Final

from spaces.adapters.dynamodb.keys import presentation_key
from spaces.adapters.dynamodb.values import UNREADABLE, as_json, read_json
from spaces.services.ports.presentation_store import Presentation

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PRESENTATION: Final = "presentation"


class PresentationItems:
    """Implements `spaces.services.ports.presentation_store.PresentationStore`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def find(
        self, space_id: str, presentation_id: str, *, consistent: bool = False
    ) -> Presentation | None:
        key = presentation_key(space_id, presentation_id)
        response = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=consistent)
        try:
            return read_json(response["Item"], _PRESENTATION, Presentation)
        except UNREADABLE:
            return None

    def put(self, space_id: str, presentation_id: str, presentation: Presentation) -> None:
        key = presentation_key(space_id, presentation_id)
        self._client.put_item(
            TableName=self._table, Item={**key, _PRESENTATION: as_json(presentation)}
        )

    def remove(self, space_id: str, presentation_id: str) -> None:
        self._client.delete_item(
            TableName=self._table, Key=presentation_key(space_id, presentation_id)
        )
