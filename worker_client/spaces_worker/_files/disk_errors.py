"""Turns disk errors into advice for the operator; retrying would not help."""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from spaces_worker._errors import TransferError

RESERVED_BYTES: Final = 64 * 1024 * 1024
"""What answers and downloads leave free on a disk, so that other programs can go on."""

_ELSEWHERE: Final = "or set the variable TMPDIR to another folder"
_REMEDIES: Final = MappingProxyType(
    {
        errno.ENOSPC: f"free some space there, {_ELSEWHERE}",
        errno.EDQUOT: f"free some space there, {_ELSEWHERE}",
        errno.EACCES: f"allow this user to write there, {_ELSEWHERE}",
        errno.EPERM: f"allow this user to write there, {_ELSEWHERE}",
        errno.EROFS: f"allow this user to write there, {_ELSEWHERE}",
        errno.ENOENT: f"create the folder, {_ELSEWHERE}",
        errno.EFBIG: "allow this process to write larger files (ulimit -f)",
        errno.EMFILE: "allow this process to open more files (ulimit -n)",
    }
)


def check_room(folder: Path, size: int) -> None:
    """Check that the disk has room for this many more bytes.

    Raises:
        OSError: writing them would fill it.
    """
    if shutil.disk_usage(folder).free < size + RESERVED_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextlib.contextmanager
def writing(what: str, folder: Path | None = None) -> Iterator[None]:
    """Turn an error while writing into a `TransferError` with advice.

    Args:
        what: what is written, in words.
        folder: where it is written; by default taken from the error.

    Raises:
        TransferError: writing failed.
    """
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, f"check that disk, {_ELSEWHERE}")
        place = folder or error.filename or "a temporary folder"
        reason = error.strerror or str(error)
        raise TransferError(
            f"{what} could not be written to {place} ({reason}): {remedy}"
        ) from error


@contextlib.contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn an error while reading into a `TransferError`.

    Raises:
        TransferError: reading failed.
    """
    try:
        yield
    except OSError as error:
        raise TransferError(f"{what} could not be read ({error})") from error
