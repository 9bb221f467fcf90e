"""The model behind every contender: it waits as long as the prompt says and answers.

Its answers carry the number of the run, so that two answers to one request can be told apart. With
``RUNS`` in the environment, it notes each run in that file.
"""

import os
import secrets
import time
from pathlib import Path


def answer(prompt: str) -> str:
    """Answer a prompt of the form ``NAME SECONDS`` with ``NAME RUN``."""
    name, seconds = prompt.split()
    run = secrets.token_hex(4)
    _note(f"begin {name} {run}")
    time.sleep(float(seconds))
    _note(f"end {name} {run}")
    return f"{name} {run}"


def _note(line: str) -> None:
    if file := os.environ.get("RUNS"):
        with Path(file).open("a", encoding="utf-8") as runs:
            runs.write(line + "\n")
