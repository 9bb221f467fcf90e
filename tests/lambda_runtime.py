"""The gateway's tests on what Lambda runs: Python 3.13 and the oldest boto3 that it may carry.

``python -m tests.lambda_runtime [--optional] [pytest's arguments]``. docs/decisions/0039 says
which boto3 and why.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from infra.code_asset import AWS_TARGET
from infra.project import BUILD_FOLDER, PROJECT_FOLDER

VERSION: Final = AWS_TARGET.python
REQUIREMENTS: Final = PROJECT_FOLDER / "requirements" / "lambda-runtime.txt"
OWN_PYTHONS: Final = BUILD_FOLDER / "python"
"""Where uv puts an interpreter that this command downloads."""
TESTS: Final = (
    *("tests/unit/adapters", "tests/unit/domain", "tests/unit/handlers", "tests/unit/protocol"),
    *("tests/functional/access", "tests/functional/gateway", "tests/functional/handlers"),
)
"""What tests the functions."""
NEEDS_CDK: Final = ("tests/functional/handlers/test_own_route.py",)
"""Compares the functions with the template, and the CDK is not part of this environment."""
WARNINGS: Final = (
    # The old botocore itself; Python 3.12 and later warn.
    "ignore:datetime.datetime.utcnow:DeprecationWarning",
)
REMEDY: Final = (
    f"Install Python {VERSION} (pyenv install {VERSION}, or your distribution's package), or name "
    f"one: PYTHON{VERSION.replace('.', '')}=/path/to/python{VERSION}"
)
SIDE_BY_SIDE: Final = ("-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadscope")
_DOWNLOAD_SECONDS: Final = 180


class NoPythonError(Exception):
    """This machine has no interpreter of the right version, and none can be downloaded."""


@dataclass(frozen=True)
class Machine:
    """Where an interpreter can come from.

    Attributes:
        environment: the environment variables.
        home: the home folder.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    home: Path = field(default_factory=Path.home)

    def python(self, report: Callable[[str], None]) -> Path:
        """Return an interpreter: a named or installed one, or one that uv downloads.

        Raises:
            NoPythonError: there is none; the message says what to do.
        """
        named = self.environment.get(f"PYTHON{VERSION.replace('.', '')}")
        if named:
            if not is_right(Path(named)):
                raise NoPythonError(f"{named} is not Python {VERSION}. {REMEDY}.")
            return Path(named)
        if found := next(filter(is_right, self._installed()), None):
            return found
        report(f"Downloading Python {VERSION} with uv …")
        trouble = self._uv("install", "--install-dir", str(OWN_PYTHONS), VERSION).stderr
        if found := next(filter(is_right, self._known_to_uv()), None):
            return found
        why = (trouble.strip().splitlines() or ["uv gave no reason"])[-1].strip()
        raise NoPythonError(
            f"Python {VERSION} is not installed, and uv cannot download it ({why}). {REMEDY}."
        )

    def _installed(self) -> Iterator[Path]:
        # uv does not look into pyenv's folder, only at its shims, which may refuse to run.
        root = Path(self.environment.get("PYENV_ROOT", self.home / ".pyenv"))
        yield from sorted(root.glob(f"versions/{VERSION}.*/bin/python{VERSION}"), reverse=True)
        yield from self._known_to_uv()

    def _known_to_uv(self) -> Iterator[Path]:
        found = self._uv("find", "--no-project", "--no-python-downloads", VERSION).stdout.strip()
        if found:
            yield Path(found)

    def _uv(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "uv", "python", *arguments]
        environment = {**self.environment, "UV_PYTHON_INSTALL_DIR": str(OWN_PYTHONS)}
        try:
            return subprocess.run(
                command,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=_DOWNLOAD_SECONDS,
            )
        except subprocess.TimeoutExpired:
            trouble = f"no answer within {_DOWNLOAD_SECONDS} s"
            return subprocess.CompletedProcess(command, 1, "", trouble)


def is_right(python: Path) -> bool:
    """Return whether a program is an interpreter of the runtime's version."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-c", question], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.strip() == VERSION


def environment_with(python: Path) -> Path:
    """Return the interpreter of a virtual environment with the pinned packages."""
    digest = hashlib.sha256(f"{python}\n".encode() + REQUIREMENTS.read_bytes()).hexdigest()[:16]
    folder = BUILD_FOLDER / f"lambda-runtime-{digest}"
    inside = folder / "bin" / "python"
    complete = folder / "complete"
    if not complete.exists():
        uv = [sys.executable, "-m", "uv"]
        make = [*uv, "venv", "--quiet", "--clear", "--python", str(python), str(folder)]
        subprocess.run(make, check=True)
        fill = [*uv, "pip", "install", "--quiet", "--python", str(inside), "--require-hashes"]
        subprocess.run([*fill, "--requirements", str(REQUIREMENTS)], check=True)
        complete.touch()
    return inside


def command(python: Path, arguments: list[str]) -> list[str]:
    """Return the command that runs the tests."""
    left_out = [part for file in NEEDS_CDK for part in ("--ignore", file)]
    warnings = [part for each in WARNINGS for part in ("-W", each)]
    tests = [*TESTS, *left_out, *warnings]
    return [str(python), "-m", "pytest", *SIDE_BY_SIDE, *tests, *arguments]


def main(arguments: list[str]) -> int:
    """Return pytest's exit code; without an interpreter 1, or 0 if the run is optional."""
    optional = "--optional" in arguments
    rest = [each for each in arguments if each != "--optional"]
    try:
        python = environment_with(Machine().python(_print))
    except NoPythonError as missing:
        _print(f"{'NOT RUN' if optional else 'FAILED'}: the tests on Lambda's Python. {missing}")
        return 0 if optional else 1
    _print(f"The gateway's tests on Python {VERSION} with the boto3 of {REQUIREMENTS.name}:")
    return subprocess.run(command(python, rest), cwd=PROJECT_FOLDER, check=False).returncode


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
