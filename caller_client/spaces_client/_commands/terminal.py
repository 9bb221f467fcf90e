"""What is safe and pleasant to write to a terminal."""

import json
import os
import shutil
import sys
import textwrap
from typing import Final, TextIO
from unicodedata import east_asian_width

import click

_KEPT: Final = frozenset("\n\t")
_NARROWEST: Final = 16
"""In a narrower column, the terminal itself breaks lines better."""


def styled(text: str, **style: bool | str) -> str:
    """Return the text in a style that `click.echo` drops if the output is not a terminal."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain else click.style(text, **style)  # type: ignore[arg-type]  # as click


def printable(text: str) -> str:
    r"""Return text without what controls a terminal; it becomes visible, as in ``\x1b``."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in _KEPT else _escaped(each) for each in text)


def one_line(text: str) -> str:
    """Return text as one line that is safe to show."""
    return printable(" ".join(text.split()))


def write_json(content: bytes) -> None:
    """Write JSON; on a terminal, what controls it is escaped, which leaves the JSON the same."""
    if sys.stdout.isatty():
        click.echo("".join(map(_json_printable, content.decode())))
    else:
        click.echo(content)


def wrapped(text: str, indent: int = 0) -> list[str]:
    """Return text as lines that fit a terminal behind an indent; in a pipe, as one line.

    Where characters are wide, as Chinese ones, half as many fit.
    """
    left = shutil.get_terminal_size().columns - indent
    if any(east_asian_width(each) in "WF" for each in text):
        left //= 2
    if not sys.stdout.isatty() or left < _NARROWEST:
        return [text]
    return textwrap.wrap(text, left, break_on_hyphens=False) or [""]


def say(text: str) -> None:
    """Write a line to people, who may have sent the output elsewhere."""
    click.echo(text, err=True)


def seconds(number: float) -> str:
    """Return a duration for people."""
    if number < 1:
        return "less than 1 s"
    if number < 90:  # noqa: PLR2004 - then minutes say it better
        return f"about {round(number)} s"
    return f"about {round(number / 60)} min"


def size(count: int) -> str:
    """Return a number of bytes for people."""
    number, unit = float(count), "bytes"
    for larger in ("KB", "MB", "GB"):
        if number < 1000:  # noqa: PLR2004 - of the next unit
            break
        number, unit = number / 1000, larger
    return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"


def write_any_character() -> None:
    """Let no character fail the program that the encoding of the terminal lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


class StatusLine:
    """A last line that is rewritten, on a terminal only.

    The terminal cuts it at its own width (the mode DECAWM is off while it is written), so that
    it need not be measured.

    Attributes:
        is_live: whether there is a terminal.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self.is_live = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = ""

    def show(self, text: str) -> None:
        """Replace the line."""
        if self.is_live and text != self._shown:
            self._stream.write(f"\r\x1b[?7l{one_line(text)}\x1b[K\x1b[?7h")
            self._stream.flush()
            self._shown = text

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = ""


def _json_printable(character: str) -> str:
    shown = character.isprintable() or character == "\n"
    return character if shown else json.dumps(character)[1:-1]


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
