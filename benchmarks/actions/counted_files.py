"""A files bucket that counts what S3 would charge."""

from collections.abc import Iterable
from typing import Final

from spaces.domain.files.parts import parts_of
from spaces.services.ports.file_store import FormPost, StoredFile, StoredPart

LARGE_FILE: Final = 20 * 1024**2


class CountedFiles:
    """A files bucket that holds whatever is asked for, and counts what S3 would charge."""

    def __init__(self) -> None:
        self.calls = 0
        self._checked: set[str] = set()

    def describe(self, key: str) -> StoredFile | None:
        """Find every file except those called missing."""
        self.calls += 1
        return None if "missing" in key else StoredFile(4, "audio/wav", "a.wav", "etag")

    def is_unchanged(self, key: str, etag: str, *, now: int) -> bool:
        """Look at a file once a minute."""
        self.calls += key not in self._checked
        self._checked.add(key)
        return True

    def copy_unchanged(self, source: str, target: str, etag: str) -> bool:
        """Copy a file."""
        self.calls += 1
        return True

    def stored_parts(self, key: str, multipart_id: str) -> list[StoredPart]:
        """Find all parts."""
        self.calls += 1
        return [StoredPart(part.number, part.size, "tag") for part in parts_of(LARGE_FILE)]

    def begin_parts(self, key: str, file: StoredFile) -> str:
        """Begin an upload."""
        self.calls += 1
        return "parts"

    def complete_parts(self, key: str, multipart_id: str, parts: object) -> bool:
        """Complete an upload."""
        self.calls += 1
        return True

    def abort_parts(self, key: str, multipart_id: str) -> None:
        """Abort an upload."""
        self.calls += 1

    def put(self, key: str, content: bytes) -> str:
        """Store a payload."""
        self.calls += 1
        return "etag"

    def remove(self, keys: Iterable[str]) -> None:
        """Delete files."""
        self.calls += len(list(keys))

    def upload_form(self, key: str, file: StoredFile, *, until: int) -> FormPost:
        """Sign; no call."""
        return FormPost("https://files", {})

    def part_url(self, *_: object, **__: object) -> str:
        """Sign; no call."""
        return "https://files"

    def output_policy(self, prefix: str, *, until: int) -> None:
        """Sign; no call."""

    def download_url(self, key: str, **_: object) -> str:
        """Sign; no call."""
        return "https://files"
