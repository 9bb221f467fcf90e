"""A file that a function returns, in each of its forms."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Protocol, runtime_checkable


@runtime_checkable
class Picture(Protocol):
    """An image of PIL, known by its looks: Pillow is no dependency."""

    @property
    def mode(self) -> str:
        """Kind of its pixels, such as ``RGB``."""

    def save(self, fp: Any, format: str | None = None) -> None:  # noqa: A002, ANN401 - as Pillow has it
        """Write it to an open file."""

    def convert(self, mode: str) -> "Picture":
        """Return it with other pixels."""


FileSource = str | os.PathLike[str] | bytes | bytearray | memoryview | Picture | IO[Any]
"""What can become a file of a result: a path, the bytes, an image of PIL, or an open file."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a result, with what its source does not tell.

    Attributes:
        source: a path, the bytes themselves, an image of PIL (sent as PNG), or a file that is open
            for reading.
        name: what it is called where it is downloaded; by default that of the path, or ``file-1``
            with the ending of its type.
        content_type: such as ``audio/wav``; by default guessed by the name, or from the first
            bytes.
    """

    source: FileSource
    name: str | None = field(default=None, kw_only=True)
    content_type: str | None = field(default=None, kw_only=True)


Files = Sequence[FileSource | File] | FileSource | File
"""Several of them, or one."""
