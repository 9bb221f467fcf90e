"""The caller client, installed from its wheel where there is nothing else."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.project import PROJECT_FOLDER

UV = Path(sys.executable).with_name("uv")
REQUIREMENTS = PROJECT_FOLDER / "requirements/caller.txt"


@dataclass(frozen=True)
class CallerEnvironment:
    """A virtual environment that has the client and what it needs, and nothing of this project."""

    folder: Path

    def run(
        self, words: list[str], folder: Path, *, said: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in a folder, with the environment of somebody who has just logged in."""
        programs = f"{self.folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
        env = {"PATH": programs, "HOME": str(folder), "NO_PROXY": "*", "LANG": "C.UTF-8"}
        return subprocess.run(
            words,
            cwd=folder,
            env={**env, **variables},
            input=said,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def install_caller(folder: Path) -> CallerEnvironment:
    """Build the wheel and install it."""
    environment = folder / "environment"
    source = str(PROJECT_FOLDER / "caller_client")
    build = ["build", "--quiet", "--wheel", "--no-build-isolation", "--out-dir", str(folder)]
    _uv(*build, "--python", sys.executable, source)
    _uv("venv", "--quiet", "--python", sys.executable, str(environment))
    install = ["pip", "install", "--quiet", "--python", str(environment / "bin/python")]
    _uv(*install, "--require-hashes", "-r", str(REQUIREMENTS))
    (wheel,) = folder.glob("*.whl")
    _uv(*install, "--no-deps", str(wheel))
    return CallerEnvironment(environment)


def _uv(*words: str) -> None:
    subprocess.run([str(UV), *words], cwd=PROJECT_FOLDER, check=True)
