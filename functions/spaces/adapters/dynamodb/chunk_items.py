"""What workers stream: one item per chunk beside its request, read by exact keys."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from msgspec import convert

from spaces.adapters.dynamodb.batches import get_all
from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.kept_items import HAS_EXPIRED, as_of
from spaces.adapters.dynamodb.keys import chunk_key
from spaces.adapters.dynamodb.payloads import pack, unpack
from spaces.adapters.dynamodb.values import Item, blob, number
from spaces.domain.timing import CHUNK_RETENTION, SECOND
from spaces.schema import EXPIRES_AT, SPACE_ID, TICKET
from spaces.services.ports.chunk_store import ChunkContent, StreamedChunk
from spaces_protocol.request_id import RequestId

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class ChunkItems:
    """Chunks: implements `spaces.services.ports.chunk_store.ChunkStore`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def store(self, chunk: StreamedChunk, *, now: int) -> None:
        """Store a chunk unless it exists: text that was shown never changes."""
        named = chunk.request_id
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **chunk_key(named.space, named.ticket, chunk.attempt, chunk.index),
                    "content": blob(pack(chunk.content)),
                    EXPIRES_AT: number((now + CHUNK_RETENTION) // SECOND),
                },
                ConditionExpression=f"attribute_not_exists(#space_id) OR {HAS_EXPIRED}",
                ExpressionAttributeNames={"#space_id": SPACE_ID},
                ExpressionAttributeValues=as_of(now),
            )
        except ClientError as error:
            if item_in_the_way(error) is None:
                raise

    def read(
        self, request_id: RequestId, attempt: int, indexes: Iterable[int]
    ) -> dict[int, ChunkContent]:
        space_id, ticket, _ = request_id
        keys = [chunk_key(space_id, ticket, attempt, index) for index in indexes]
        return {
            int(item[TICKET]["S"].rpartition("#")[2]): _content_of(item)
            for item in get_all(self._client, self._table, keys)
        }


def _content_of(item: Item) -> ChunkContent:
    return convert(unpack(item["content"]["B"]), ChunkContent)
