"""Build the folder that all Lambda functions run from, without Docker."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import ignore_patterns
from typing import Final

from infra.build import build_once, digest_of_files
from infra.project import BUILD_FOLDER, PROJECT_FOLDER

_REQUIREMENTS: Final = PROJECT_FOLDER / "requirements" / "functions.txt"
_FUNCTIONS: Final = PROJECT_FOLDER / "functions"
_NOT_NEEDED: Final = ("*.dist-info", "__pycache__", "*.pyc", "*.pyi", "py.typed", "tests", "bin")


@dataclass(frozen=True)
class Target:
    """The platform that the asset is built for.

    Attributes:
        python: the Python version of the runtime.
        platform: uv's name of the platform, or None for this machine.
    """

    python: str
    platform: str | None


AWS_TARGET: Final = Target(python="3.13", platform="aarch64-manylinux2014")
LOCAL_TARGET: Final = Target(python=f"{sys.version_info[0]}.{sys.version_info[1]}", platform=None)
"""The emulator runs functions with its own interpreter."""


def build_code_asset(target: Target) -> Path:
    """Put the functions and their dependencies into one folder and return it.

    The folder's name contains a digest of its sources, so unchanged sources are built only once,
    and concurrent builds do not interfere.
    """
    libraries = _installed_libraries(target)
    digest = digest_of_files(_FUNCTIONS, "*")
    return build_once(
        BUILD_FOLDER / "functions" / f"{libraries.name}-{digest}",
        lambda folder: _assemble(libraries, folder),
    )


def _assemble(libraries: Path, folder: Path) -> None:
    shutil.copytree(libraries, folder)
    for package in sorted(path for path in _FUNCTIONS.iterdir() if path.is_dir()):
        shutil.copytree(package, folder / package.name, ignore=ignore_patterns(*_NOT_NEEDED))


def _name(target: Target) -> str:
    return f"python{target.python.replace('.', '')}-{target.platform or 'host'}"


def _installed_libraries(target: Target) -> Path:
    digest = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()[:16]
    return build_once(
        BUILD_FOLDER / "libraries" / f"{_name(target)}-{digest}",
        lambda folder: _install(target, folder),
    )


def _install(target: Target, folder: Path) -> None:
    platform = [] if target.platform is None else ["--python-platform", target.platform]
    subprocess.run(  # noqa: S603 - a fixed command and the project's own paths
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(folder)),
            *("--python", sys.executable, "--python-version", target.python, *platform),
            *("--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy"),
            *("--requirements", str(_REQUIREMENTS)),
        ],
        check=True,
    )
    for pattern in (*_NOT_NEEDED, ".lock"):
        for path in list(folder.rglob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
