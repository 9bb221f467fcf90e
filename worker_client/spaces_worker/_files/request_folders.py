"""Temporary folders of requests, locked by their process, so that the next one finds what was left.

A process that was killed removes nothing, and what its users sent must not stay on the disk.
"""

import contextlib
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

_UNLOCKED: Final = "spaces-worker-new-"
_LOCKED: Final = "spaces-worker-request-"
_NAME: Final = re.compile(_LOCKED + r"[a-z0-9_]{8}")


@dataclass(frozen=True, slots=True)
class RequestFolder:
    """A folder that only its user can look into.

    Attributes:
        path: where it is.
        lock: holds it while this process lives; None where folders cannot be locked.
    """

    path: Path
    lock: int | None

    @classmethod
    def make(cls) -> Self:
        """Make a new one; it gets the name by which it may be cleaned up only when it is locked."""
        made = Path(tempfile.mkdtemp(prefix=_UNLOCKED))
        lock = _lock(made)
        return cls(made.rename(made.with_name(made.name.replace(_UNLOCKED, _LOCKED))), lock)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.lock is not None:
            os.close(self.lock)


def remove_abandoned() -> None:
    """Remove the folders of this user's processes that ended without doing so."""
    with contextlib.suppress(OSError):
        for path in Path(tempfile.gettempdir()).iterdir():
            if _NAME.fullmatch(path.name) and (lock := _lock(path)) is not None:
                RequestFolder(path, lock).remove()


def _lock(path: Path) -> int | None:
    """Lock a folder of this user; None if it is another's, or a living process has it."""
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 - there is none on Windows

    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(folder).st_uid == os.geteuid():
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder
    except OSError:
        pass
    os.close(folder)
    return None
