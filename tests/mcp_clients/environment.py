"""Runs clients of MCP in the environments of make install-mcp-clients."""

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SCRIPTS: Final = Path(__file__).parent / "scripts"
TODAY: Final = "mcp-clients"
OF_2025: Final = "mcp-clients-2025"


def start_script(
    script: str, *arguments: str, url: str, key: str, environment: str = TODAY
) -> subprocess.Popen[str]:
    """Start a script against the address of a gateway; skip the test if its client is missing."""
    python = ROOT / ".build" / environment / "bin/python"
    if not python.exists():
        pytest.skip("make install-mcp-clients has not been run")
    return subprocess.Popen(
        [str(python), str(SCRIPTS / script), *arguments],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "MCP_URL": url,
            "MCP_KEY": key,
        },
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output_of(started: subprocess.Popen[str], timeout: float = 100) -> str:
    """Let a script end, and return the rest of what it prints."""
    try:
        printed, complaint = started.communicate("\n", timeout)
    finally:
        started.kill()
    assert started.returncode == 0, complaint[-3000:] + printed[-3000:]
    return printed
