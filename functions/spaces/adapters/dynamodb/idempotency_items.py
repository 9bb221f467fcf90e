"""Records of Idempotency-Keys."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.kept_items import HAS_EXPIRED, as_of
from spaces.adapters.dynamodb.keys import idempotency_key
from spaces.adapters.dynamodb.values import Item, number, text
from spaces.domain.timing import SECOND
from spaces.schema import EXPIRES_AT, SPACE_ID
from spaces.services.ports.gateway import ANY_TICKET, IdempotencyRecord

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class IdempotencyItems:
    """The part of the requests table that stores Idempotency-Keys."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get_idempotency_record(self, space_id: str, key: str) -> IdempotencyRecord | None:
        response = self._client.get_item(
            TableName=self._table, Key=idempotency_key(space_id, key), ConsistentRead=True
        )
        return _record_of(response["Item"]) if "Item" in response else None

    def put_idempotency_record(
        self,
        space_id: str,
        key: str,
        record: IdempotencyRecord,
        *,
        replaces: int | None,
        lifetime: int,
        now: int,
    ) -> IdempotencyRecord:
        item = {
            **idempotency_key(space_id, key),
            "of_ticket": number(record.ticket),
            "nonce": text(record.nonce),
            "fingerprint": text(record.fingerprint),
            EXPIRES_AT: number((now + lifetime) // SECOND),
        }
        if replaces == ANY_TICKET:
            self._client.put_item(TableName=self._table, Item=item)
            return record
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=(
                    f"attribute_not_exists(#space_id) OR of_ticket = :replaces OR {HAS_EXPIRED}"
                ),
                ExpressionAttributeNames={"#space_id": SPACE_ID},
                ExpressionAttributeValues={":replaces": number(replaces or 0), **as_of(now)},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            kept = item_in_the_way(error)
            if kept is None:
                raise
            return _record_of(kept)
        return record


def _record_of(item: Item) -> IdempotencyRecord:
    return IdempotencyRecord(
        ticket=int(item["of_ticket"]["N"]),
        nonce=item["nonce"]["S"],
        fingerprint=item["fingerprint"]["S"],
    )
