"""Runs programs of others in the environment of make install-openai-clients."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PYTHON: Final = ROOT / ".build/openai-clients/bin/python"
SCRIPTS: Final = Path(__file__).parent / "scripts"


def python_of_clients() -> str:
    """Return the interpreter that has the clients; skip the test if there is none."""
    if not PYTHON.exists():
        pytest.skip("make install-openai-clients has not been run")
    return str(PYTHON)


def run_script(
    script: str, *arguments: str, base_url: str, key: str = "sk-any", timeout: float = 200
) -> str:
    """Run a script against a base address, and return what it prints."""
    ran = subprocess.run(
        [*_command(SCRIPTS / script), *arguments],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "OPENAI_BASE_URL": base_url,
            "OPENAI_API_KEY": key,
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:] + ran.stdout[-3000:]
    return ran.stdout


def _command(script: Path) -> list[str]:
    if script.suffix != ".mjs":
        return [python_of_clients(), str(script)]
    node = ROOT / ".venv/bin/node"
    found = str(node) if node.exists() else shutil.which("node")
    assert found, "make install fetches Node"
    return [found, str(script)]
