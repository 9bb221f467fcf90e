"""The forms in which a function can return a file."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Protocol, runtime_checkable


@runtime_checkable
class Picture(Protocol):
    """A PIL image, recognised by its attributes, because Pillow is not a dependency."""

    @property
    def mode(self) -> str:
        """Pixel mode, such as ``RGB``."""

    def save(self, fp: Any, format: str | None = None) -> None:  # noqa: A002, ANN401 - as Pillow has it
        """Write the image to an open file."""

    def convert(self, mode: str) -> "Picture":
        """Return the image in another pixel mode."""


FileSource = str | os.PathLike[str] | bytes | bytearray | memoryview | Picture | IO[Any]
"""A path, the bytes, a PIL image, or an open file."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a result, with a name or content type of your choice.

    Attributes:
        source: a path, the bytes, a PIL image (sent as PNG), or a file that is open for reading.
        name: name of the download; by default the name of the path, or ``file-1`` with the
            extension of its content type.
        content_type: such as ``audio/wav``; by default guessed from the name or the first bytes.
    """

    source: FileSource
    name: str | None = field(default=None, kw_only=True)
    content_type: str | None = field(default=None, kw_only=True)


Files = Sequence[FileSource | File] | FileSource | File
"""One or more files."""
