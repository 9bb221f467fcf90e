"""Build folders that are cached by the digest of their contents."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path


def digest_of_files(folder: Path, pattern: str) -> str:
    """Return a short digest of the names and contents of a folder's files."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob(pattern)):
        if file.is_file() and "__pycache__" not in file.parts:
            content = file.read_bytes()
            digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def build_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """Return a folder, after building it if it does not exist.

    Args:
        folder: where to build it; its name contains a digest of its contents.
        build: creates and fills the folder at the path it is given.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            built = Path(scratch) / folder.name
            build(built)
            _move(built, folder)
    return folder


def _move(source: Path, target: Path) -> None:
    # A rename is atomic, so an interrupted build leaves nothing half done.
    try:
        source.rename(target)
    except OSError:
        if not target.is_dir():  # otherwise another build of the same contents was faster
            raise
