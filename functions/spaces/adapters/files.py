"""The files bucket."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class FileBucket:
    """Objects in S3, as `spaces.adapters.dynamodb.payloads.Files` wants them."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes) -> None:
        self._client().put_object(Bucket=self._bucket, Key=key, Body=content)

    def get(self, key: str) -> bytes:
        return self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
