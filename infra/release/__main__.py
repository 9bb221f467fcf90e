"""Build both clients, try them in fresh environments, and write checksums and bills of materials.

Nothing is published. Upload what it builds with twine, once it has passed.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from infra.local.own_cloud import own_cloud
from infra.project import BUILD_FOLDER
from infra.release.build import UV, build
from infra.release.describe import CHECKSUMS, check_metadata, write_bill, write_checksums
from infra.release.environments import (
    check_installed,
    fresh_environment,
    has_python,
    supported_pythons,
)
from infra.release.first_request import answer_one_request
from infra.release.packages import PACKAGES, ReleaseError, release_version

FOLDER: Final = BUILD_FOLDER / "release"

app = typer.Typer(add_completion=False, help=__doc__)
console = Console(highlight=False, soft_wrap=True)


@app.command(help=__doc__)
def release(
    folder: Annotated[
        Path,
        typer.Option(help="Where the files go: a new folder, or the one of an earlier release."),
    ] = FOLDER,
) -> None:
    """Build, try and describe; exit with 1 if anything fails."""
    try:
        make_release(folder)
    except ReleaseError as error:
        console.print(f"[red]FAILED:[/] {error}", markup=True)
        raise typer.Exit(1) from None


def make_release(folder: Path) -> None:
    """Make the release.

    Raises:
        ReleaseError: Something is wrong with it.
    """
    version = release_version()
    pythons = supported_pythons()
    if missing := [each for each in pythons if not has_python(each)]:
        raise ReleaseError(
            f"A release is tried on Python {', '.join(pythons)}, and these are not installed: "
            f"{', '.join(missing)}. To install them: {UV} python install {' '.join(missing)}"
        )
    empty_folder(folder)
    built = [file for package in PACKAGES for file in build(package, folder)]
    check_metadata(built)
    console.print(f"built     {', '.join(file.name for file in built)}")
    _try([file for file in built if file.suffix == ".whl"], pythons, version)
    bills = _bills(built, version, folder)
    sums = write_checksums([*built, *bills], folder)
    console.print(f"described {', '.join(file.name for file in [*bills, sums])}")
    console.print(f"\nThe release {version} is in {folder}.")


def empty_folder(folder: Path) -> None:
    """Make a folder, or empty the one of an earlier release.

    Raises:
        ReleaseError: It holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / CHECKSUMS).exists():
        raise ReleaseError(f"{folder} holds other files. Name an empty or a new folder.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _try(wheels: list[Path], pythons: list[str], version: str) -> None:
    """Install, import, ask for help and answer one request, on each Python."""
    with tempfile.TemporaryDirectory(prefix="fresh-") as place, own_cloud(_quiet) as cloud:
        for python in pythons:
            commands = fresh_environment(Path(place) / python, python, *wheels)
            for package in PACKAGES:
                check_installed(commands, package, version)
            answer_one_request(cloud, commands, f"python-{python.replace('.', '-')}")
            console.print(f"tried     Python {python}: installed, and one request answered")


def _bills(built: list[Path], version: str, folder: Path) -> list[Path]:
    bills = []
    with tempfile.TemporaryDirectory(prefix="alone-") as place:
        for package in PACKAGES:
            (wheel,) = (
                file
                for file in built
                if file.suffix == ".whl" and file.name.startswith(f"{package.module}-")
            )
            commands = fresh_environment(Path(place) / package.name, sys.executable, wheel)
            bills.append(write_bill(package, version, commands, folder))
    return bills


def _quiet(_line: str) -> None:
    """Say nothing about the local cloud."""


if __name__ == "__main__":
    app()
