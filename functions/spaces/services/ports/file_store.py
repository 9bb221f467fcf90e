"""What the use cases need of the files bucket."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from spaces.domain.files.parts import Part
from spaces_protocol.gateway_messages import UploadPolicy


class StoredFile(NamedTuple):
    """A file as it is kept; size in bytes.

    Attributes:
        name: what its owner calls it; empty if nobody said.
    """

    size: int
    content_type: str
    name: str


class FormPost(NamedTuple):
    """A presigned form: post ``fields`` and then ``file`` to ``url``."""

    url: str
    fields: dict[str, str]


class Download(NamedTuple):
    """How a file is handed out: as what type, and how a browser is told to treat it."""

    content_type: str
    disposition: str


class StoredPart(NamedTuple):
    """A part that arrived; the tag is S3's, who wants it back."""

    number: int
    size: int
    tag: str


class FileStore(Protocol):
    """The files bucket. Signing asks nobody and cannot fail; all else is a call."""

    def upload_form(self, key: str, file: StoredFile, *, until: int) -> FormPost:
        """Sign a form that stores exactly this file, of this size and type, under this key."""

    def begin_parts(self, key: str, file: StoredFile) -> str:
        """Let a file of this type come in parts; return S3's id for it."""

    def part_url(self, key: str, multipart_id: str, part: Part, *, seconds: int) -> str:
        """Sign an address that takes exactly as many bytes for a part, for so long."""

    def stored_parts(self, key: str, multipart_id: str) -> list[StoredPart] | None:
        """Ask which parts are there; None if nothing of that id is on its way to this key."""

    def complete_parts(self, key: str, multipart_id: str, parts: Sequence[StoredPart]) -> bool:
        """Make a file of its parts; False if nothing of that id is on its way to this key.

        Raises:
            Busy: a part has been sent again since the parts were listed.
        """

    def abort_parts(self, key: str, multipart_id: str) -> None:
        """Throw its parts away; an id that is not known is no error."""

    def output_policy(self, prefix: str, *, until: int) -> UploadPolicy | None:
        """Sign a form for any files under a prefix; None where there is no bucket."""

    def address(self, key: str, *, seconds: int, download: Download | None = None) -> str:
        """Sign an address that reads one file for so long."""

    def describe(self, key: str) -> StoredFile | None:
        """Ask what is stored under a key; None if nothing is."""

    def remove(self, keys: Sequence[str]) -> None:
        """Delete files; those that are not there are no error."""

    def copy(self, source: str, target: str) -> None:
        """Copy a file."""

    def read(self, key: str) -> bytes:
        """Read a file."""
