"""Output in whatever encoding a terminal or pipe has."""

import io
import sys


def write_any_character() -> None:
    """Make standard output and error replace what their encoding lacks, instead of failing.

    Windows uses cp1252, cp437 or gbk for pipes.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
