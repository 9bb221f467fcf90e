"""Files of declared examples: read once, known by their hash, uploaded when the gateway asks."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from spaces_protocol.examples import ExampleFile
from spaces_protocol.limits import MAX_EXAMPLE_FILE_BYTES
from spaces_worker._files.file_names import UNKNOWN_TYPE, kind_of, type_of_name, wire_name
from spaces_worker._files.output_files import PreparedFile
from spaces_worker._files.regular_files import irregular_kind

_SIGNATURE_BYTES: Final = 16

PreparedFiles = Mapping[str, PreparedFile]
"""Files that can be uploaded, by the hash of their content."""


class FoundFile(NamedTuple):
    """A file of an example: what is declared of it, and the file itself."""

    declared: ExampleFile
    prepared: PreparedFile


def find_example_file(path: Path) -> FoundFile:
    """Read a file of an example.

    Raises:
        ValueError: says why it cannot be used.
    """
    content = _content(path)
    name = wire_name(path.name)
    known = kind_of(content[:_SIGNATURE_BYTES])
    content_type = type_of_name(name) or (known[0] if known else UNKNOWN_TYPE)
    sha256 = hashlib.sha256(content).hexdigest()
    return FoundFile(
        ExampleFile(name=name, content_type=content_type, size=len(content), sha256=sha256),
        PreparedFile(name, content_type, len(content), lambda: path.open("rb")),
    )


def _content(path: Path) -> bytes:
    try:
        kind = irregular_kind(path.stat().st_mode)
        if kind is not None:
            raise ValueError(f"{path} is {kind}, not a file.")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not 0 < size <= MAX_EXAMPLE_FILE_BYTES:
                raise ValueError(
                    f"{path} has {size:,} bytes; 1 to {MAX_EXAMPLE_FILE_BYTES:,} are allowed."
                )
            return file.read(MAX_EXAMPLE_FILE_BYTES)
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror or error}).") from error
