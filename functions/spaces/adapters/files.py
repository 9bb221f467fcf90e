"""The files bucket."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from spaces.adapters.signing import Signer
from spaces.services.file_store import Download, FormPost, StoredFile
from spaces_protocol.gateway_messages import UploadPolicy
from spaces_protocol.limits import MAX_FILE_BYTES

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_NAME: Final = "name"
_NOT_THERE: Final = ("404", "403", "NoSuchKey", "NotFound")
"""To those who may not list a bucket, S3 says 403 of a key that is not there ("HeadObject")."""


class FileBucket:
    """Objects in S3, as `spaces.services.file_store.FileStore` and payloads want them."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str, signer: Signer) -> None:
        self._client = client
        self._bucket = bucket
        self._signer = signer

    def put(self, key: str, content: bytes) -> None:
        self._client().put_object(Bucket=self._bucket, Key=key, Body=content)

    def get(self, key: str) -> bytes:
        return self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def read(self, key: str) -> bytes:
        return self.get(key)

    def remove(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._client().delete_object(Bucket=self._bucket, Key=key)

    def copy(self, source: str, target: str) -> None:
        self._client().copy_object(
            Bucket=self._bucket, Key=target, CopySource={"Bucket": self._bucket, "Key": source}
        )

    def describe(self, key: str) -> StoredFile | None:
        try:
            head = self._client().head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                return None
            raise
        name = _unpacked(head["Metadata"].get(_NAME, ""))
        return StoredFile(head["ContentLength"], head["ContentType"], name)

    def upload_form(self, key: str, file: StoredFile, *, until: int) -> FormPost:
        fields = {
            "key": key,
            "Content-Type": file.content_type,
            f"x-amz-meta-{_NAME}": _packed(file.name),
            "success_action_status": "204",
        }
        size = ["content-length-range", file.size, file.size]
        return FormPost(self._signer.form_url, self._signer.form(fields, [size], until))

    def output_policy(self, prefix: str, *, until: int) -> UploadPolicy:
        conditions = [
            ["starts-with", "$key", prefix],
            ["starts-with", "$Content-Type", ""],
            ["content-length-range", 0, MAX_FILE_BYTES],
        ]
        return UploadPolicy(
            url=self._signer.form_url,
            fields=self._signer.form({}, conditions, until),
            key_prefix=prefix,
            max_bytes=MAX_FILE_BYTES,
        )

    def address(self, key: str, *, seconds: int, download: Download | None = None) -> str:
        query = {}
        if download is not None:
            query["response-content-type"] = download.content_type
            query["response-content-disposition"] = download.disposition
        return self._signer.address(key, query, seconds)


def _packed(name: str) -> str:
    """Return a name in ASCII: metadata takes nothing else, and 2 KB in all ("PutObject").

    Base64, because percent signs would make 255 Chinese characters too long.
    """
    return urlsafe_b64encode(name.encode()).decode()


def _unpacked(packed: str) -> str:
    try:
        return urlsafe_b64decode(packed).decode()
    except (NotBase64, UnicodeError):
        return ""
