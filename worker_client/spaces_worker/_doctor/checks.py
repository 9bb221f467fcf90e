"""What `doctor` finds, and how it is told to a person or a program."""

import os
from collections.abc import Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TextIO

import msgspec

from spaces_worker._text import shown_text


class Health(StrEnum):
    """How one check ended."""

    WELL = "well"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check.

    Attributes:
        check: what was looked at.
        health: how it is.
        text: what was seen.
        advice: what to do about it.
    """

    check: str
    health: Health
    text: str
    advice: str = ""


class Diagnosis(msgspec.Struct, frozen=True):
    """All checks, as ``doctor --json`` prints them."""

    ok: bool
    checks: list[Finding]


_SIGNS: Final = MappingProxyType(
    {
        Health.WELL: ("✓", "32"),
        Health.WARNING: ("!", "33"),
        Health.FAILED: ("✗", "31"),
        Health.SKIPPED: ("-", "2"),
    }
)
_CHECK_COLUMNS: Final = 12


def diagnosis_of(findings: Sequence[Finding]) -> Diagnosis:
    """Return the findings together; warnings alone do not make a worker ill."""
    well = all(finding.health is not Health.FAILED for finding in findings)
    return Diagnosis(ok=well, checks=list(findings))


def lines_of(finding: Finding, *, colour: bool) -> list[str]:
    """Return a finding as lines for a person."""
    sign, code = _SIGNS[finding.health]
    shown = f"\x1b[{code}m{sign}\x1b[0m" if colour else sign
    lines = [f"{shown} {finding.check:{_CHECK_COLUMNS}} {shown_text(finding.text)}"]
    if finding.advice:
        lines.append(f"  {'':{_CHECK_COLUMNS}} → {finding.advice}")
    return lines


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal on which colour is welcome; see no-color.org."""
    return stream.isatty() and not os.environ.get("NO_COLOR")
