"""A file to upload: its name, type and size, and how its bytes are read."""

import io
import mimetypes
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from spaces_client._errors import UsageError

_PIECE: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to submit, where a path alone does not say enough.

    Attributes:
        content: a path, bytes, or a binary file that can seek.
        name: its name for the worker; by default the name of the path.
        content_type: its media type, such as ``audio/wav``; by default guessed from the name.
        progress: called with the number of bytes whenever some were read to be sent, from several
            threads; what is sent again is read again.
    """

    content: "str | os.PathLike[str] | bytes | BinaryIO"
    name: str | None = None
    content_type: str | None = None
    progress: Callable[[int], object] | None = None


FileInput = str | os.PathLike[str] | bytes | BinaryIO | Upload
"""A file to submit: a path, bytes, an open binary file, or `Upload`."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was found to be readable; ``size`` is in bytes."""

    name: str
    content_type: str
    size: int
    content: Path | bytes | BinaryIO
    progress: Callable[[int], object] | None = None

    @property
    def can_be_opened(self) -> bool:
        """Whether several readers can read it at a time."""
        return isinstance(self.content, Path | bytes)

    def pieces(self, offset: int, size: int) -> Iterator[bytes]:
        """Yield ``size`` bytes from ``offset``; fewer if the file has become shorter."""
        for piece in self._pieces(offset, size):
            self.note(len(piece))
            yield piece

    def note(self, count: int) -> None:
        """Tell whoever wants to know that some bytes were read."""
        if self.progress is not None:
            self.progress(count)

    def _pieces(self, offset: int, size: int) -> Iterator[bytes]:
        if isinstance(self.content, Path):
            with self.content.open("rb") as file:
                yield from _pieces(file, offset, size)
        else:
            held = self.content
            yield from _pieces(io.BytesIO(held) if isinstance(held, bytes) else held, offset, size)


@dataclass(frozen=True, slots=True)
class Section:
    """Part of a file, as the body of a call."""

    source: Source
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Form:
    """A form with a file as its last field (AWS, "POST Object")."""

    fields: dict[str, str]
    source: Source


def source_of(given: FileInput) -> Source:
    """Return a file that can be uploaded.

    Raises:
        UsageError: it cannot be read, or is not a regular file.
    """
    upload = given if isinstance(given, Upload) else Upload(given)
    content, name = upload.content, upload.name
    if isinstance(content, bytes):
        return _source(upload, name or "file", len(content), content)
    if isinstance(content, str | os.PathLike):
        path = Path(content)
        return _source(upload, name or path.name, _size_of(path), path)
    if not (hasattr(content, "seekable") and content.seekable()):
        raise UsageError(
            f"{content!r} is not a file that can be read twice. Pass a path, bytes, or a binary "
            "file that can seek."
        )
    named = Path(str(getattr(content, "name", "file"))).name
    return _source(upload, name or named, content.seek(0, os.SEEK_END), content)


def _source(upload: Upload, name: str, size: int, content: Path | bytes | BinaryIO) -> Source:
    kind = upload.content_type or mimetypes.guess_type(name)[0] or ""
    return Source(name, kind, size, content, upload.progress)


def _size_of(path: Path) -> int:
    try:
        if not path.is_file():
            path.stat()
            raise UsageError(f"{path} is not a file. Pass the path of a regular file.")
        with path.open("rb") as file:
            return file.seek(0, os.SEEK_END)
    except (OSError, ValueError) as error:  # ValueError: a NUL character
        raise UsageError(f"{str(path)!r} cannot be read: {_reason(error)}.") from error


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _pieces(file: BinaryIO, offset: int, size: int) -> Iterator[bytes]:
    file.seek(offset)
    while size > 0 and (piece := file.read(min(size, _PIECE))):
        size -= len(piece)
        yield piece
