"""Says what is wrong with this machine's disk and what to do: no repetition mends it."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from spaces_worker._errors import TransferError

_ELSEWHERE: Final = "or name another folder by the variable TMPDIR"
_REMEDIES: Final = MappingProxyType(
    {
        errno.ENOSPC: f"make room there, {_ELSEWHERE}",
        errno.EDQUOT: f"make room there, {_ELSEWHERE}",
        errno.EACCES: f"let this user write there, {_ELSEWHERE}",
        errno.EPERM: f"let this user write there, {_ELSEWHERE}",
        errno.EROFS: f"let this user write there, {_ELSEWHERE}",
        errno.ENOENT: f"let the folder exist, {_ELSEWHERE}",
        errno.EFBIG: "let this process write larger files (ulimit -f)",
        errno.EMFILE: "let this process open more files (ulimit -n)",
    }
)


@contextlib.contextmanager
def writing(what: str, folder: Path | None = None) -> Iterator[None]:
    """Turn what the disk raises into a sentence for the operator.

    Args:
        what: is written, in words.
        folder: where; by default where the error says.

    Raises:
        TransferError: it could not be written.
    """
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, f"look at that disk, {_ELSEWHERE}")
        place = folder or error.filename or "a temporary folder"
        reason = error.strerror or str(error)
        raise TransferError(
            f"{what} could not be written into {place} ({reason}): {remedy}"
        ) from error


@contextlib.contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn what the disk raises into a sentence for the operator.

    Raises:
        TransferError: it could not be read.
    """
    try:
        yield
    except OSError as error:
        raise TransferError(f"{what} could not be read ({error})") from error
