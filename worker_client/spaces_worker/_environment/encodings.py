"""Output in whatever encoding a terminal or pipe has."""

import codecs
import io
import sys
from typing import Final

ERRORS: Final = "spaces_worker.ascii"
"""Name of the error handler."""
_UNKNOWN: Final = "?"
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

    Windows uses cp1252, cp437 or gbk for pipes.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ERRORS)
