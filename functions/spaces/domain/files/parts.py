"""Into which parts a large file is cut.

Its size is a part of its upload id, and so of its key: what S3 keeps under that key was announced
with that size, and nothing need be stored to know it.
"""

from typing import Final, NamedTuple

from spaces_protocol.limits import MAX_FILE_BYTES, MAX_PARTS, MIN_PART_BYTES, PARTS_ABOVE_BYTES

_MIB: Final = 1024**2


class Part(NamedTuple):
    """A piece of a file: which one (from 1), what comes before it, and its bytes."""

    number: int
    offset: int
    size: int


def is_in_parts(size: int) -> bool:
    """Tell whether a file of this size may come in parts."""
    return PARTS_ABOVE_BYTES < size <= MAX_FILE_BYTES


def id_with_size(random_text: str, size: int) -> str:
    """Return the upload id of a file in parts."""
    return f"{random_text}.{size}"


def size_in_id(upload_id: str) -> int | None:
    """Return the size of a file in parts; None if the id is of no such file."""
    _, _, digits = upload_id.partition(".")
    size = int(digits) if digits.isdecimal() else 0
    return size if is_in_parts(size) else None


def parts_of(size: int) -> list[Part]:
    """Return the parts of a file, all but the last of the same whole number of MiB."""
    each = max(MIN_PART_BYTES, -(-size // (MAX_PARTS * _MIB)) * _MIB)
    return [
        Part(number, offset, min(each, size - offset))
        for number, offset in enumerate(range(0, size, each), start=1)
    ]
