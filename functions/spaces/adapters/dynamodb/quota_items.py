"""Quotas of callers in the spaces table: one small item each."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.kept_items import HAS_EXPIRED, as_of
from spaces.adapters.dynamodb.keys import quota_key
from spaces.adapters.dynamodb.values import Item, as_json, number, read_json, read_number, text
from spaces.domain.access.quota import DAY, Quota
from spaces.domain.timing import SECOND
from spaces.schema import EXPIRES_AT
from spaces.services.ports.access_stores import QuotaConflict, VersionedQuota

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

RETENTION: Final = 2 * DAY
"""Uploads count for one day, everything else for less."""


class QuotaItems:
    """Quotas: implements `spaces.services.ports.access_stores.QuotaStore`."""

    def __init__(
        self, client: "DynamoDBClient", table: str, random_text: Callable[[], str]
    ) -> None:
        self._client = client
        self._table = table
        self._random_text = random_text

    def read(self, scope: str) -> VersionedQuota:
        response = self._client.get_item(TableName=self._table, Key=quota_key(scope))
        return _counted(response.get("Item", {}))

    def swap(self, scope: str, before: VersionedQuota, after: Quota, *, now: int) -> None:
        item = {
            **quota_key(scope),
            "quota": as_json(after),
            "edition": number(before.version + 1),
            "swap_id": text(self._random_text()),
            EXPIRES_AT: number((now + RETENTION) // SECOND),
        }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=(
                    f"attribute_not_exists(edition) OR edition = :before OR {HAS_EXPIRED}"
                ),
                ExpressionAttributeValues={":before": number(before.version), **as_of(now)},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            kept = item_in_the_way(error)
            if kept is None:
                raise
            if kept.get("swap_id") != item["swap_id"]:
                raise QuotaConflict(_counted(kept)) from error


def _counted(item: Item) -> VersionedQuota:
    if not item:
        return VersionedQuota(Quota())
    return VersionedQuota(read_json(item, "quota", Quota), read_number(item, "edition"))
