"""Saves a file so that nobody ever sees half of it."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from spaces_client._core.file_names import path_for


class Saving(NamedTuple):
    """A file that is being written.

    Attributes:
        file: takes the bytes.
        target: where it is once the block has ended without an error.
    """

    file: BinaryIO
    target: Path


@contextlib.contextmanager
def saving(name: str, path: str | os.PathLike[str]) -> Iterator[Saving]:
    """Write a file next to its place, and put it there when the block ends without an error.

    Args:
        name: its own name, used if the path is a folder.
        path: where it is wanted.

    Raises:
        OSError: it cannot be written.
    """
    wanted = Path(path)
    target = path_for(name, wanted, is_folder=wanted.is_dir())
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            yield Saving(file, target)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
