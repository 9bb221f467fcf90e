"""Builds the packages, so that the same commit gives the same bytes."""

import sys
from pathlib import Path
from typing import Final

from infra.project import PROJECT_FOLDER
from infra.release.packages import Package
from infra.release.run_command import run_command

UV: Final = Path(sys.executable).with_name("uv")
_PINNED: Final = PROJECT_FOLDER / "requirements" / "dev.txt"


def build(package: Package, folder: Path) -> list[Path]:
    """Build a wheel and a source package, and return their paths.

    Raises:
        ReleaseError: The build failed.
    """
    before = set(folder.iterdir())
    run_command(
        *(UV, "build", "--quiet", "--out-dir", folder),
        *("--build-constraints", _PINNED, "--require-hashes", PROJECT_FOLDER / package.folder),
        more={"SOURCE_DATE_EPOCH": _commit_time()},
    )
    return sorted(path for path in set(folder.iterdir()) - before if path.name != ".gitignore")


def _commit_time() -> str:
    return run_command("git", "-C", PROJECT_FOLDER, "log", "-1", "--format=%ct").strip()
