"""Output in whatever encoding a terminal or pipe has."""

import codecs
import errno
import io
import os
import sys
from pathlib import Path
from typing import Final, TextIO

ERRORS: Final = "spaces_worker.ascii"
"""Name of the error handler."""
_UNKNOWN: Final = "?"
_UNWRITABLE: Final = frozenset({errno.ENOSPC, errno.EIO, errno.EBADF})
_ASCII: Final = {
    ord(character): text
    for characters, text in (
        ("✓", "+"),
        ("✗", "x"),
        ("●·", "*"),
        ("…", "..."),
        ("→", "->"),
        ("\N{NON-BREAKING HYPHEN}\u2013\u2014", "-"),
        ("\u201c\u201d\u201e", '"'),
        ("\u2018\u2019", "'"),
        ("\N{NO-BREAK SPACE}", " "),
    )
    for character in characters
}


def _replacement(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unwritable = error.object[error.start : error.end]
    return "".join(_ASCII.get(ord(each), _UNKNOWN) for each in unwritable), error.end


codecs.register_error(ERRORS, _replacement)


def write_any_character() -> None:
    """Make standard output and error replace what their encoding lacks, instead of failing.

    Windows uses cp1252, cp437 or gbk for pipes. What is written to a closed stream is discarded.
    """
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            discard(name)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ERRORS)


def discard(name: str) -> None:
    """Discard what is written to ``stdout`` or ``stderr`` from now on."""
    setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - stays open


def is_unwritable(error: OSError) -> bool:
    """Whether output could not be written, because its disk is full or its terminal is gone."""
    return error.filename is None and error.errno in _UNWRITABLE
