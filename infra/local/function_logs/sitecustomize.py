"""Keeps what a function writes in a file: the emulator forgets the lines of socket functions.

Python imports a module of this name at start, from the PYTHONPATH that the emulator is given.
"""
# ruff: noqa: INP001 - no package: Python imports it by its name alone

import os
import sys
import time
from typing import TextIO


class LineFile:
    """A text stream that also appends whole lines, with their time, to a file."""

    def __init__(self, stream: TextIO, path: str) -> None:
        self._stream = stream
        self._file = open(path, "ab", buffering=0)  # noqa: PTH123, SIM115 - for the process's life
        self._begun = ""

    def write(self, text: str) -> int:
        """Write to the stream, and to the file what makes up whole lines."""
        *lines, self._begun = (self._begun + text).split("\n")
        if lines:
            now_ms = time.time_ns() // 1_000_000
            self._file.write("".join(f"{now_ms} {line}\n" for line in lines).encode())
        return self._stream.write(text)

    def __getattr__(self, name: str) -> object:
        """Leave everything else to the stream."""
        return getattr(self._stream, name)


def _keep_lines() -> None:
    function, folder = (
        os.environ.get("POWERTOOLS_SERVICE_NAME"),
        os.environ.get("SPACES_LOCAL_LOGS"),
    )
    if function and folder:
        # The emulator's runtime prints to the standard error that it finds.
        sys.stderr = LineFile(sys.stderr, f"{folder}/{function}.log")


_keep_lines()
