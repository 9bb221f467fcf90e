"""Worker tokens and API keys in the spaces table, by the hash of the secret."""

from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from msgspec.structs import replace

from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.keys import CredentialKind, credential_key
from spaces.adapters.dynamodb.lineage_items import LineageItems
from spaces.adapters.dynamodb.values import (
    Item,
    as_json,
    forgotten_at,
    number,
    read_json,
    read_number,
    text,
)
from spaces.domain.access.credential import HOUR, Credential
from spaces.schema import EXPIRES_AT, LISTED, PUBLIC_SPACES_INDEX, RECORD, SPACE_ID
from spaces.services.ports.access_stores import StoredCredential

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TIMES: Final = (
    *("replaced_at", "revoked_at", "last_used_at", "good_until"),
    *("handshake_hour", "handshakes"),
)
_SCOPE: Final = "scope"
"""These attributes of a secret change; the rest is written once."""


class CredentialItems:
    """One kind of credentials: implements `access_stores.CredentialStore`."""

    def __init__(self, client: "DynamoDBClient", table: str, kind: CredentialKind) -> None:
        self._client = client
        self._table = table
        self._kind = kind
        self.lineages = LineageItems(client, table, kind)

    def put(self, digest: str, credential: Credential) -> None:
        item = {**self._key(digest), "credential": as_json(credential), LISTED: text(self._kind)}
        if credential.expires_at is not None:
            item[EXPIRES_AT] = forgotten_at(credential.expires_at)
        self._client.put_item(TableName=self._table, Item=item)

    def find(self, digest: str) -> Credential | None:
        response = self._client.get_item(
            TableName=self._table, Key=self._key(digest), ConsistentRead=True
        )
        return _credential_of(response["Item"]) if "Item" in response else None

    def list(self) -> list[StoredCredential]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=PUBLIC_SPACES_INDEX,
            KeyConditionExpression="#listed = :kind",
            ExpressionAttributeNames={"#listed": LISTED},
            ExpressionAttributeValues={":kind": text(self._kind)},
        )
        items = [item for page in pages for item in page["Items"]]
        return [StoredCredential(item[RECORD]["S"], _credential_of(item)) for item in items]

    def mark_used(self, digest: str, now: int) -> Credential | None:
        return self._set(digest, {"last_used_at": number(now)})

    def count_handshake(self, digest: str, now: int) -> Credential | None:
        hour = number(now // HOUR)
        changes = {"last_used_at": number(now), "handshake_hour": hour, "handshakes": number(1)}
        first = "attribute_not_exists(handshake_hour) OR handshake_hour < :1"
        return self._set(digest, changes, first) or self._count(digest, changes)

    def _count(self, digest: str, changes: Item) -> Credential | None:
        """Count one more in the hour that has begun; None if the secret does not exist."""
        try:
            response = self._client.update_item(
                TableName=self._table,
                Key=self._key(digest),
                UpdateExpression="SET last_used_at = :now ADD handshakes :one",
                ConditionExpression="attribute_exists(#space_id)",
                ExpressionAttributeNames={"#space_id": SPACE_ID},
                ExpressionAttributeValues={
                    ":now": changes["last_used_at"],
                    ":one": changes["handshakes"],
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if item_in_the_way(error) is None:
                raise
            return None
        return _credential_of(response["Attributes"])

    def revoke(self, digest: str, now: int) -> None:
        self._set(digest, {"revoked_at": number(now), EXPIRES_AT: forgotten_at(now)})

    def narrow(self, digest: str, spaces: frozenset[str]) -> None:
        self._set(digest, {_SCOPE: as_json(sorted(spaces))})

    def replace_by_another(self, digest: str, *, now: int, good_until: int) -> None:
        changes = {
            "replaced_at": number(now),
            "good_until": number(good_until),
            EXPIRES_AT: forgotten_at(good_until),
        }
        self._set(digest, changes, "attribute_not_exists(good_until) OR good_until > :1")

    def _set(self, digest: str, changes: Item, only_if: str = "") -> Credential | None:
        """Set attributes of an existing item. Safe to repeat.

        Args:
            digest: The hash of the secret.
            changes: The attributes to set.
            only_if: A further condition, in which ``:1`` is the second change.
        """
        exists = "attribute_exists(#space_id)"
        names = {f"#{index}": name for index, name in enumerate(changes)}
        try:
            response = self._client.update_item(
                TableName=self._table,
                Key=self._key(digest),
                UpdateExpression="SET " + ", ".join(f"{a} = :{a[1:]}" for a in names),
                ConditionExpression=f"{exists} AND ({only_if})" if only_if else exists,
                ExpressionAttributeNames={**names, "#space_id": SPACE_ID},
                ExpressionAttributeValues={f":{i}": v for i, v in enumerate(changes.values())},
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if item_in_the_way(error) is None:
                raise
            return None
        return _credential_of(response["Attributes"])

    def _key(self, digest: str) -> Item:
        return dict(credential_key(self._kind, digest))


def _credential_of(item: Item) -> Credential:
    kept = read_json(item, "credential", Credential)
    times = {name: read_number(item, name) for name in _TIMES if name in item}
    good_until = times.pop("good_until", None)
    ends = [each for each in (kept.expires_at, good_until) if each is not None]
    spaces = read_json(item, _SCOPE, frozenset[str]) if _SCOPE in item else kept.spaces
    return replace(kept, expires_at=min(ends, default=None), spaces=spaces, **times)
