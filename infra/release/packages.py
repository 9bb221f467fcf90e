"""The packages that are published, and the version that all of them have."""

import re
import tomllib
from pathlib import Path
from typing import Final, NamedTuple

from infra.project import PROJECT_FOLDER

CHANGELOG: Final = Path("CHANGELOG.md")
_HEADING: Final = re.compile(r"^## (\S+)", re.MULTILINE)
_VERSION: Final = re.compile(r'^__version__: Final = "([^"]+)"$', re.MULTILINE)


class ReleaseError(Exception):
    """The release cannot be made; the message says why."""


class Package(NamedTuple):
    """A package.

    Attributes:
        folder: The folder of its pyproject.toml, from the project's folder.
        version_file: The module that tells the version at run time, from the project's folder.
        module: The module that its users import.
        command: The command that it installs.
    """

    name: str
    folder: Path
    version_file: Path
    module: str
    command: str


PACKAGES: Final = (
    Package(
        "spaces-worker",
        Path(),
        Path("worker_client/spaces_worker/_version.py"),
        "spaces_worker",
        "spaces-worker",
    ),
    Package(
        "spaces-client",
        Path("caller_client"),
        Path("caller_client/spaces_client/_version.py"),
        "spaces_client",
        "spaces",
    ),
)


def release_version(project: Path = PROJECT_FOLDER) -> str:
    """Return the version that every file names.

    Raises:
        ReleaseError: Two files name different versions.
    """
    named = {CHANGELOG: _found(_HEADING, project / CHANGELOG)}
    for package in PACKAGES:
        described = package.folder / "pyproject.toml"
        content = tomllib.loads((project / described).read_text("utf-8"))
        named[described] = content["project"]["version"]
        named[package.version_file] = _found(_VERSION, project / package.version_file)
    if len(set(named.values())) > 1:
        lines = "\n".join(f"  {file}: {version}" for file, version in named.items())
        raise ReleaseError(f"The files name different versions; make them equal:\n{lines}")
    return named[CHANGELOG]


def _found(pattern: re.Pattern[str], file: Path) -> str:
    found = pattern.search(file.read_text("utf-8"))
    if found is None:
        raise ReleaseError(f"{file.name} names no version.")
    return found[1]
