"""Fresh environments, one for each version of Python that is supported."""

import tomllib
from pathlib import Path
from typing import Final

from infra.project import PROJECT_FOLDER
from infra.release.build import UV
from infra.release.packages import Package, ReleaseError
from infra.release.run_command import run_command

_CLASSIFIER: Final = "Programming Language :: Python :: 3."


def supported_pythons() -> list[str]:
    """Return the versions that the packages say they support, such as ``3.11``."""
    described = tomllib.loads((PROJECT_FOLDER / "pyproject.toml").read_text("utf-8"))
    classifiers: list[str] = described["project"]["classifiers"]
    return ["3." + each.removeprefix(_CLASSIFIER) for each in classifiers if _CLASSIFIER in each]


def has_python(version: str) -> bool:
    """Return whether this machine has this version of Python."""
    try:
        run_command(UV, "python", "find", "--no-python-downloads", version)
    except ReleaseError:
        return False
    return True


def fresh_environment(folder: Path, python: str, *wheels: Path) -> Path:
    """Install wheels into a new environment; return the folder of its commands.

    Raises:
        ReleaseError: They cannot be installed, or their dependencies do not fit together.
    """
    run_command(UV, "venv", "--quiet", "--no-python-downloads", "--python", python, folder)
    commands = folder / "bin"
    run_command(UV, "pip", "install", "--quiet", "--python", commands / "python", *wheels)
    run_command(UV, "pip", "check", "--quiet", "--python", commands / "python")
    return commands


def check_installed(commands: Path, package: Package, version: str) -> None:
    """Check that a package can be imported and that its command tells the version and helps.

    Raises:
        ReleaseError: It cannot, or the version is another one.
    """
    run_command(commands / "python", "-c", f"from {package.module} import *")
    run_command(commands / package.command, "--help")
    told = run_command(commands / package.command, "--version").strip()
    if told != f"{package.command} {version}":
        raise ReleaseError(f"{package.command} --version prints “{told}” instead of {version}.")
