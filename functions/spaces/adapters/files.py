"""The files bucket."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from spaces.adapters.signing import Signer
from spaces.domain.errors import Busy
from spaces.domain.files.parts import Part
from spaces.domain.timing import SECOND
from spaces.services.ports.file_store import (
    Download,
    FormPost,
    NoLongerStored,
    StoredFile,
    StoredPart,
)
from spaces_protocol.gateway_messages import UploadPolicy
from spaces_protocol.limits import MAX_FILE_BYTES, MAX_PARTS

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_NAME: Final = "name"
_NOT_THERE: Final = ("404", "403", "NoSuchKey", "NotFound", "AccessDenied")
"""Without permission to list the bucket, S3 returns 403 for a missing key ("HeadObject",
"GetObject")."""
_NO_SUCH_MULTIPART: Final = ("NoSuchUpload", "InvalidArgument")
"""S3 may report a malformed upload id as an invalid argument."""
_PART_CHANGED: Final = "InvalidPart"
_CHANGED: Final = "PreconditionFailed"
CHECK_LIFETIME: Final = 60 * SECOND
"""How long a function instance remembers whether a file has changed: it pays for one look at each
file a minute, however often its result is fetched."""
_MOST_CHECKED: Final = 10_000


class FileBucket:
    """Implements `spaces.services.ports.file_store.FileStore`, and stores payloads."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str, signer: Signer) -> None:
        self._client = client
        self._bucket = bucket
        self._signer = signer
        self._checked: dict[tuple[str, str], tuple[int, bool]] = {}

    def put(self, key: str, content: bytes, described: StoredFile | None = None) -> str:
        about: dict[str, Any] = {}
        if described is not None:
            about = {
                "ContentType": described.content_type,
                "Metadata": {_NAME: _packed(described.name)},
            }
        put = self._client().put_object(Bucket=self._bucket, Key=key, Body=content, **about)
        return put["ETag"]

    def get(self, key: str) -> bytes:
        try:
            return self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                raise NoLongerStored(key) from error
            raise

    def read(self, key: str) -> bytes:
        return self.get(key)

    def remove(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._client().delete_object(Bucket=self._bucket, Key=key)

    def copy_unchanged(self, source: str, target: str, etag: str) -> bool:
        try:
            self._client().copy_object(
                Bucket=self._bucket,
                Key=target,
                CopySource={"Bucket": self._bucket, "Key": source},
                CopySourceIfMatch=etag,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in (*_NOT_THERE, _CHANGED):
                return False
            raise
        return True

    def describe(self, key: str) -> StoredFile | None:
        try:
            head = self._client().head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                return None
            raise
        name = _unpacked(head["Metadata"].get(_NAME, ""))
        return StoredFile(head["ContentLength"], head["ContentType"], name, head["ETag"])

    def is_unchanged(self, key: str, etag: str, *, now: int) -> bool:
        checked_at, unchanged = self._checked.get((key, etag), (0, False))
        if now - checked_at < CHECK_LIFETIME:
            return unchanged
        stored = self.describe(key)
        unchanged = stored is None or stored.etag == etag
        if len(self._checked) >= _MOST_CHECKED:
            self._checked.clear()
        self._checked[key, etag] = now, unchanged
        return unchanged

    def upload_form(self, key: str, file: StoredFile, *, until: int) -> FormPost:
        fields = {
            "key": key,
            "Content-Type": file.content_type,
            f"x-amz-meta-{_NAME}": _packed(file.name),
            "success_action_status": "204",
        }
        size = ["content-length-range", file.size, file.size]
        return FormPost(self._signer.form_url, self._signer.form(fields, [size], until))

    def begin_parts(self, key: str, file: StoredFile) -> str:
        begun = self._client().create_multipart_upload(
            Bucket=self._bucket,
            Key=key,
            ContentType=file.content_type,
            Metadata={_NAME: _packed(file.name)},
        )
        return begun["UploadId"]

    def part_url(self, key: str, multipart_id: str, part: Part, *, seconds: int) -> str:
        query = {"partNumber": str(part.number), "uploadId": multipart_id}
        return self._signer.presigned_url(key, query, seconds, put_bytes=part.size)

    def stored_parts(self, key: str, multipart_id: str) -> list[StoredPart] | None:
        try:
            listed = self._client().list_parts(
                Bucket=self._bucket, Key=key, UploadId=multipart_id, MaxParts=MAX_PARTS
            )
        except ClientError as error:
            if _is_unknown_multipart(error):
                return None
            raise
        parts = listed.get("Parts", [])
        return [StoredPart(each["PartNumber"], each["Size"], each["ETag"]) for each in parts]

    def complete_parts(self, key: str, multipart_id: str, parts: Sequence[StoredPart]) -> bool:
        made_of = [{"PartNumber": part.number, "ETag": part.tag} for part in parts]
        try:
            self._client().complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=multipart_id,
                MultipartUpload={"Parts": made_of},  # type: ignore[typeddict-item]
            )
        except ClientError as error:
            if _is_unknown_multipart(error):
                return False
            if error.response["Error"]["Code"] == _PART_CHANGED:  # uploaded again since then
                raise Busy(
                    "A part of the file was just uploaded again. Try again.",
                    retry_after_seconds=1,
                ) from error
            raise
        return True

    def abort_parts(self, key: str, multipart_id: str) -> None:
        try:
            self._client().abort_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=multipart_id
            )
        except ClientError as error:
            if not _is_unknown_multipart(error):
                raise

    def output_policy(
        self, prefix: str, *, until: int, max_bytes: int = MAX_FILE_BYTES
    ) -> UploadPolicy:
        conditions = [
            ["starts-with", "$key", prefix],
            ["starts-with", "$Content-Type", ""],
            ["content-length-range", 0, max_bytes],
        ]
        return UploadPolicy(
            url=self._signer.form_url,
            fields=self._signer.form({}, conditions, until),
            key_prefix=prefix,
            max_bytes=max_bytes,
        )

    def download_url(self, key: str, *, seconds: int, download: Download | None = None) -> str:
        query = {}
        if download is not None:
            query["response-content-type"] = download.content_type
            query["response-content-disposition"] = download.disposition
        return self._signer.presigned_url(key, query, seconds)


def _is_unknown_multipart(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in _NO_SUCH_MULTIPART


def _packed(name: str) -> str:
    """Return a name in ASCII, as metadata requires, with at most 2 KB in total ("PutObject").

    Uses Base64, because percent-encoding would make 255 Chinese characters too long.
    """
    return urlsafe_b64encode(name.encode()).decode()


def _unpacked(packed: str) -> str:
    try:
        return urlsafe_b64decode(packed).decode()
    except (NotBase64, UnicodeError):
        return ""
