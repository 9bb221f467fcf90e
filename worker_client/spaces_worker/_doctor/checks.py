"""The checks of `doctor`, and how they are printed."""

import os
from collections.abc import Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TextIO

import msgspec

from spaces_worker._text import printable_text


class CheckStatus(StrEnum):
    """The outcome of a check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check.

    Attributes:
        check: what was looked at.
        health: how it is.
        text: what was seen.
        advice: what to do about it.
    """

    name: str
    status: CheckStatus
    text: str
    advice: str = ""


class Report(msgspec.Struct, frozen=True):
    """All checks, as ``doctor --json`` prints them."""

    ok: bool
    checks: list[Check]


_SIGNS: Final = MappingProxyType(
    {
        CheckStatus.OK: ("✓", "32"),
        CheckStatus.WARNING: ("!", "33"),
        CheckStatus.FAILED: ("✗", "31"),
        CheckStatus.SKIPPED: ("-", "2"),
    }
)
_NAME_COLUMNS: Final = 12


def report_of(checks: Sequence[Check]) -> Report:
    """Return all checks together; a warning is not a failure."""
    ok = all(check.status is not CheckStatus.FAILED for check in checks)
    return Report(ok=ok, checks=list(checks))


def lines_of(check: Check, *, colour: bool) -> list[str]:
    """Return a check as lines of text."""
    sign, code = _SIGNS[check.status]
    shown = f"\x1b[{code}m{sign}\x1b[0m" if colour else sign
    lines = [f"{shown} {check.name:{_NAME_COLUMNS}} {printable_text(check.text)}"]
    if check.advice:
        lines.append(f"  {'':{_NAME_COLUMNS}} → {check.advice}")
    return lines


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal that wants colour; see no-color.org."""
    return stream.isatty() and not os.environ.get("NO_COLOR")
