"""Runs a command whose failure ends the release."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.release.packages import ReleaseError


def run_command(*command: str | Path, more: Mapping[str, str] | None = None) -> str:
    """Return what a command prints; this project's own packages are out of its reach.

    Raises:
        ReleaseError: It failed. The message has the end of what it printed.
    """
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    arguments = [str(part) for part in command]
    done = subprocess.run(  # noqa: S603 - our own commands
        arguments,
        env={**own, **(more or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise ReleaseError(f"{' '.join(arguments)} failed with {done.returncode}:\n{said}")
    return done.stdout
