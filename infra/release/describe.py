"""What a release consists of: a bill of materials (CycloneDX) and checksums."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infra.project import BUILD_FOLDER, PROJECT_FOLDER
from infra.release.packages import Package
from infra.release.run_command import run_command

TOOLS: Final = BUILD_FOLDER / "release-tools" / "bin"
CHECKSUMS: Final = "SHA256SUMS"


def write_bill(package: Package, version: str, commands: Path, folder: Path) -> Path:
    """Describe all that an environment with this package has, with versions and licences.

    Raises:
        ReleaseError: The description could not be made.
    """
    file = folder / f"{package.name}-{version}.cdx.json"
    run_command(
        *(TOOLS / "cyclonedx-py", "environment", "--output-reproducible", "--mc-type", "library"),
        *("--pyproject", PROJECT_FOLDER / package.folder / "pyproject.toml"),
        *("--output-file", file, commands / "python"),
    )
    return file


def check_metadata(files: Sequence[Path]) -> None:
    """Check that a package index would take these packages and could show their texts.

    Raises:
        ReleaseError: It would not.
    """
    run_command(TOOLS / "twine", "--no-color", "check", "--strict", *files)


def write_checksums(files: Sequence[Path], folder: Path) -> Path:
    """Write the checksums of files, in the format of ``sha256sum --check``."""
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    written = folder / CHECKSUMS
    written.write_text("".join(lines), encoding="utf-8")
    return written
