"""The secrets of each worker token or API key: one item per id."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.keys import CredentialKind, lineage_key
from spaces.adapters.dynamodb.values import Item, forgotten_at, number
from spaces.schema import EXPIRES_AT

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class LineageItems:
    """One kind of them: implements `spaces.services.ports.access_stores.LineageStore`."""

    def __init__(self, client: "DynamoDBClient", table: str, kind: CredentialKind) -> None:
        self._client = client
        self._table = table
        self._kind = kind

    def add(self, credential_id: str, digest: str, expires_at: int | None) -> bool:
        update = "ADD digests :digest"
        values: Item = {":digest": _set_of([digest])}
        if expires_at is not None:
            update += f" SET {EXPIRES_AT} = :forgotten"
            values[":forgotten"] = forgotten_at(expires_at)
        try:
            self._update(credential_id, update, values, only_if=_NOT_REVOKED)
        except ClientError as error:
            if item_in_the_way(error) is None:
                raise
            return False
        return True

    def digests(self, credential_id: str) -> frozenset[str]:
        response = self._client.get_item(
            TableName=self._table, Key=self._key(credential_id), ConsistentRead=True
        )
        return _digests_of(response.get("Item", {}))

    def revoke(self, credential_id: str, now: int) -> frozenset[str]:
        update = f"SET revoked_at = :now, {EXPIRES_AT} = :forgotten"
        values = {":now": number(now), ":forgotten": forgotten_at(now)}
        return _digests_of(self._update(credential_id, update, values))

    def remove(self, credential_id: str, digests: frozenset[str]) -> None:
        self._update(credential_id, "DELETE digests :gone", {":gone": _set_of(sorted(digests))})

    def _update(self, credential_id: str, update: str, values: Item, only_if: str = "") -> Item:
        asked: Item = {
            "TableName": self._table,
            "Key": self._key(credential_id),
            "UpdateExpression": update,
            "ExpressionAttributeValues": values,
            "ReturnValues": "ALL_NEW",
        }
        if only_if:
            asked["ConditionExpression"] = only_if
        return dict(self._client.update_item(**asked)["Attributes"])

    def _key(self, credential_id: str) -> Item:
        return dict(lineage_key(self._kind, credential_id))


_NOT_REVOKED = "attribute_not_exists(revoked_at)"


def _set_of(texts: list[str]) -> Item:
    return {"SS": texts}


def _digests_of(item: Item) -> frozenset[str]:
    return frozenset(item["digests"]["SS"]) if "digests" in item else frozenset()
