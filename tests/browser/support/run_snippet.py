"""Runs the code snippets of a space as somebody would who has just logged in."""

import subprocess
import sys
from pathlib import Path

NODE = str(Path(sys.executable).with_name("node"))
REST = ("curl", "Python", "JavaScript")
OPENAI = ("OpenAI: curl", "OpenAI: Python", "OpenAI: Node")
RUN_SECONDS = 60


def run(words: list[str], folder: Path, *, said: str = "", path: str = "/usr/bin:/bin") -> str:
    """Run a program in a folder, with the environment of somebody who has just logged in."""
    ran = subprocess.run(
        words,
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "NO_PROXY": "*", "LANG": "C.UTF-8"},
        input=said,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stderr[-3000:]}\n{words[-1]}"
    return ran.stdout
