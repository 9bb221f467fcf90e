"""Prepares the files of a result for upload."""

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from spaces_protocol.limits import MAX_FILES
from spaces_worker._errors import TransferError, UserError
from spaces_worker._files.file_names import (
    UNKNOWN_TYPE,
    ending_of_type,
    kind_of,
    type_of_name,
    valid_type,
    wire_name,
)
from spaces_worker._files.regular_files import irregular_kind
from spaces_worker._files.result_file import File, FileSource, Picture

_PNG_MODES: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16"})
"""Pixel modes that Pillow can write as PNG; others are converted."""
_SIGNATURE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file that can be uploaded, repeatedly if necessary.

    Attributes:
        size: in bytes.
        open: opens the file for reading.
    """

    name: str
    content_type: str
    size: int
    open: Callable[[], BinaryIO]


def prepare_files(files: Sequence[FileSource | File]) -> list[PreparedFile]:
    """Prepare the files of a result, which can take a while for images.

    Raises:
        UserError: there are too many files.
        TransferError: a path does not exist or is not a regular file.
    """
    if len(files) > MAX_FILES:
        raise UserError(f"The answer has {len(files)} files; at most {MAX_FILES} are possible.")
    return [_prepare(number, file) for number, file in enumerate(files, start=1)]


def file_of_bytes(name: str, content_type: str, content: bytes) -> PreparedFile:
    """Return bytes as a file."""
    return PreparedFile(name, content_type, len(content), lambda: io.BytesIO(content))


def _prepare(number: int, given: FileSource | File) -> PreparedFile:
    file = given if isinstance(given, File) else File(given)
    if isinstance(file.source, str | os.PathLike):
        return _of_path(file, Path(file.source))
    if isinstance(file.source, bytes | bytearray | memoryview):
        return _of_bytes(number, file, bytes(file.source))
    return _of_bytes(
        number, file, _png(cast("Picture", file.source))
    )  # `Result` has read open files


def _of_path(file: File, path: Path) -> PreparedFile:
    try:
        kind = irregular_kind(path.stat().st_mode)
        if kind is not None:  # opening a FIFO waits for a writer, and a device may have no end
            reason = f"it is {kind}; return a regular file"
            raise TransferError(f"the file {path} of the answer cannot be read ({reason})")
        with path.open("rb") as source:
            begin = source.read(_SIGNATURE_BYTES)
            size = os.fstat(source.fileno()).st_size
    except OSError as error:
        raise TransferError(f"the file {path} of the answer cannot be read ({error})") from error
    name = wire_name(file.name or path.name)
    known = kind_of(begin)
    guessed = type_of_name(name) or (known[0] if known else UNKNOWN_TYPE)
    return PreparedFile(
        name, valid_type(file.content_type) or guessed, size, lambda: path.open("rb")
    )


def _of_bytes(number: int, file: File, content: bytes) -> PreparedFile:
    named = valid_type(file.content_type) or (type_of_name(file.name) if file.name else None)
    kind = kind_of(content[:_SIGNATURE_BYTES])
    content_type = named or (kind[0] if kind else UNKNOWN_TYPE)
    name = file.name or f"file-{number}{_ending(content_type, kind)}"
    return file_of_bytes(wire_name(name), content_type, content)


def _ending(content_type: str, kind: tuple[str, str] | None) -> str:
    if kind is not None and kind[0] == content_type:
        return kind[1]
    return ending_of_type(content_type)


def _png(image: Picture) -> bytes:
    shown = image if image.mode in _PNG_MODES else image.convert("RGB")
    buffer = io.BytesIO()
    shown.save(buffer, format="PNG")
    return buffer.getvalue()
