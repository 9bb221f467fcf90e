"""The audit trail in the spaces table, one partition per month."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.keys import audit_key
from spaces.adapters.dynamodb.values import Item, as_json, number, read_json, text
from spaces.domain.access.quota import DAY
from spaces.domain.errors import InvalidInput
from spaces.domain.timing import SECOND
from spaces.schema import EXPIRES_AT, RECORD, SPACE_ID
from spaces.services.ports.access_stores import AuditEntry, AuditPage

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

RETENTION: Final = 400 * DAY
PAGE: Final = 50
MONTHS: Final = 15
_CURSOR: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])(/[0-9]{14}#[A-Za-z0-9_-]{1,64})?")


class AuditItems:
    """The trail: implements `spaces.services.ports.access_stores.AuditStore`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def write(self, entry: AuditEntry, entry_id: str) -> None:
        self._client.put_item(TableName=self._table, Item=_item(entry, entry_id))

    def end(self, begun: AuditEntry, ended: AuditEntry, entry_id: str) -> bool:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_item(ended, entry_id),
                ConditionExpression="#entry IN (:begun, :ended)",
                ExpressionAttributeNames={"#entry": "entry"},
                ExpressionAttributeValues={":begun": as_json(begun), ":ended": as_json(ended)},
            )
        except ClientError as error:
            if item_in_the_way(error) is None:
                raise
            return False
        return True

    def page(self, cursor: str | None, now: int) -> AuditPage:
        if cursor is not None and not _CURSOR.fullmatch(cursor):
            raise InvalidInput("cursor is not valid for this list. Start without a cursor.")
        month, _, before = (cursor or _month(now)).partition("/")
        found: list[AuditEntry] = []
        for _ in range(MONTHS):
            response = self._query(month, before, PAGE - len(found))
            found += [read_json(item, "entry", AuditEntry) for item in response["Items"]]
            last = response.get("LastEvaluatedKey")
            if last:
                return AuditPage(found, f"{month}/{last[RECORD]['S']}")
            month, before = _month_before(month), ""
            if len(found) >= PAGE:
                return AuditPage(found, month)
        return AuditPage(found, None)

    def _query(self, month: str, before: str, limit: int) -> Any:  # noqa: ANN401 - boto3's response
        return self._client.query(
            TableName=self._table,
            KeyConditionExpression="#partition = :month AND #record < :before",
            ExpressionAttributeNames={"#partition": SPACE_ID, "#record": RECORD},
            ExpressionAttributeValues={
                ":month": audit_key(month, "")[SPACE_ID],
                ":before": text(before or "~"),
            },
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )


def _item(entry: AuditEntry, entry_id: str) -> Item:
    return {
        **audit_key(_month(entry.at), f"{entry.at:014d}#{entry_id}"),
        "entry": as_json(entry),
        EXPIRES_AT: number((entry.at + RETENTION) // SECOND),
    }


def _month(at: int) -> str:
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m}"


def _month_before(month: str) -> str:
    year, number_ = (int(part) for part in month.split("-"))
    return f"{year - (number_ == 1):04d}-{(number_ - 2) % 12 + 1:02d}"
