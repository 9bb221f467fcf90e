"""Protocol of the files bucket."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from spaces.domain.files.parts import Part
from spaces_protocol.gateway_messages import UploadPolicy
from spaces_protocol.limits import MAX_FILE_BYTES


class NoLongerStored(Exception):
    """Something that was stored is not there any longer, most likely because it expired."""


class StoredFile(NamedTuple):
    """A file as it is stored; the size is in bytes.

    Attributes:
        name: The name that its owner gave it; empty if none.
        etag: Identifies its content; empty if it is not stored yet.
    """

    size: int
    content_type: str
    name: str
    etag: str = ""


class FormPost(NamedTuple):
    """A presigned form: post ``fields`` and then ``file`` to ``url``."""

    url: str
    fields: dict[str, str]


class Download(NamedTuple):
    """How a file is served: its type, and how a browser should treat it."""

    content_type: str
    disposition: str


class StoredPart(NamedTuple):
    """A part that has arrived; S3 needs its tag to complete the upload."""

    number: int
    size: int
    tag: str


class FileStore(Protocol):
    """The files bucket. Signing is local and cannot fail; everything else is a call."""

    def upload_form(self, key: str, file: StoredFile, *, until: int) -> FormPost:
        """Sign a form that stores exactly this file, of this size and type, under this key."""

    def begin_parts(self, key: str, file: StoredFile) -> str:
        """Begin a multipart upload of this type; return S3's id for it."""

    def part_url(self, key: str, multipart_id: str, part: Part, *, seconds: int) -> str:
        """Sign a URL that accepts exactly the bytes of one part."""

    def stored_parts(self, key: str, multipart_id: str) -> list[StoredPart] | None:
        """Return the parts that have arrived; None if no such upload to this key is in progress."""

    def complete_parts(self, key: str, multipart_id: str, parts: Sequence[StoredPart]) -> bool:
        """Assemble a file from its parts; False if no such upload to this key is in progress.

        Raises:
            Busy: A part was uploaded again after the parts were listed.
        """

    def abort_parts(self, key: str, multipart_id: str) -> None:
        """Discard the parts; an unknown id is not an error."""

    def output_policy(
        self, prefix: str, *, until: int, max_bytes: int = MAX_FILE_BYTES
    ) -> UploadPolicy | None:
        """Sign a form for any files under a prefix; None if there is no bucket."""

    def download_url(self, key: str, *, seconds: int, download: Download | None = None) -> str:
        """Sign a URL that reads one file."""

    def describe(self, key: str) -> StoredFile | None:
        """Return what is stored under a key; None if nothing is."""

    def is_unchanged(self, key: str, etag: str, *, now: int) -> bool:
        """Tell whether a file still has this content; one that is no longer stored has.

        The result may be a minute old, so that repeated fetches cost nothing.
        """

    def remove(self, keys: Sequence[str]) -> None:
        """Delete files; missing ones are not an error."""

    def copy_unchanged(self, source: str, target: str, etag: str) -> bool:
        """Copy a file with this content; False if it was replaced or deleted since."""

    def put(self, key: str, content: bytes, described: StoredFile | None = None) -> str:
        """Store a file, as if it had been uploaded with this type and name; return its ETag."""

    def read(self, key: str) -> bytes:
        """Read a file.

        Raises:
            NoLongerStored: It is not there.
        """
