"""How a large file is split into parts.

The size of the file is part of its upload id, and so of its key. The gateway can therefore check
the size of an upload without storing it.
"""

from typing import Final, NamedTuple

from spaces_protocol.limits import MAX_FILE_BYTES, MAX_PARTS, MIN_PART_BYTES, PARTS_ABOVE_BYTES

_MIB: Final = 1024**2


class Part(NamedTuple):
    """One part of a file: its number (from 1), its offset and its size in bytes."""

    number: int
    offset: int
    size: int


def is_in_parts(size: int) -> bool:
    """Tell whether a file of this size can be uploaded in parts."""
    return PARTS_ABOVE_BYTES < size <= MAX_FILE_BYTES


def id_with_size(random_text: str, size: int) -> str:
    """Return the upload id of a multipart file."""
    return f"{random_text}.{size}"


def size_in_id(upload_id: str) -> int | None:
    """Return the size of a multipart file; None if the id does not belong to one."""
    _, _, digits = upload_id.partition(".")
    size = int(digits) if digits.isdecimal() else 0
    return size if is_in_parts(size) else None


def parts_of(size: int) -> list[Part]:
    """Return the parts of a file. All but the last have the same size, a whole number of MiB."""
    each = max(MIN_PART_BYTES, -(-size // (MAX_PARTS * _MIB)) * _MIB)
    return [
        Part(number, offset, min(each, size - offset))
        for number, offset in enumerate(range(0, size, each), start=1)
    ]
