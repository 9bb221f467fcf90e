"""The lines of the report."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a line matters."""

    OK = "ok"
    WARNING = "warning"
    BLOCKS = "blocks"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Line:
    """One line of the report.

    Attributes:
        name: what was looked at.
        level: how much it matters.
        text: what was found.
        remedy: what to do; empty if there is nothing to do.
    """

    name: str
    level: Level
    text: str
    remedy: str = ""


def ok(name: str, text: str) -> Line:
    """Return a line about something that is as it should be."""
    return Line(name, Level.OK, text)


def warning(name: str, text: str, remedy: str) -> Line:
    """Return a line about something that works, but not well."""
    return Line(name, Level.WARNING, text, remedy)


def blocks(name: str, text: str, remedy: str) -> Line:
    """Return a line about something that makes the deployment fail."""
    return Line(name, Level.BLOCKS, text, remedy)


def unknown(name: str, text: str, remedy: str = "") -> Line:
    """Return a line about something that could not be found out."""
    return Line(name, Level.UNKNOWN, text, remedy)
