"""Worker tokens in the spaces table, by the hash of the token."""

from typing import TYPE_CHECKING

from spaces.adapters.dynamodb.keys import token_key
from spaces.adapters.dynamodb.values import as_json, number, read_json
from spaces.domain.timing import SECOND
from spaces.schema import EXPIRES_AT
from spaces.services.gateway import WorkerToken

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class TokenItems:
    """Worker tokens, as `spaces.services.gateway.TokenStore` wants them."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def put(self, digest: str, token: WorkerToken) -> None:
        item = {**token_key(digest), "token": as_json(token)}
        if token.expires_at is not None:
            item[EXPIRES_AT] = number(token.expires_at // SECOND)
        self._client.put_item(TableName=self._table, Item=item)

    def find(self, digest: str) -> WorkerToken | None:
        answer = self._client.get_item(TableName=self._table, Key=token_key(digest))
        return read_json(answer["Item"], "token", WorkerToken) if "Item" in answer else None
