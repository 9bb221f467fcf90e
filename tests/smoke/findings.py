"""What a run found, and the table of it."""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import httpx
from websockets.exceptions import WebSocketException


class Verdict(StrEnum):
    """Whether what was seen is what AWS is expected to do."""

    OK = "ok"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the table.

    Attributes:
        line: what was tried.
        expected: what is expected on AWS; "not settled" if the sources do not say.
        seen: what happened, or why it could not be tried.
        verdict: how the two compare.
        main: whether the line belongs to the main flow, without which the gateway is of no use.
    """

    line: str
    expected: str
    seen: str
    verdict: Verdict
    main: bool = False


NOT_SETTLED: Final = "not settled"


def found(line: str, expected: str, seen: str, *, as_expected: bool, main: bool = False) -> Finding:
    """Return a line about something that was tried."""
    verdict = Verdict.OK if as_expected else Verdict.DIFFERS
    return Finding(line=line, expected=expected, seen=seen, verdict=verdict, main=main)


def untried(line: str, expected: str, why: str, *, main: bool = False) -> Finding:
    """Return a line about something that could not be tried."""
    return Finding(line=line, expected=expected, seen=why, verdict=Verdict.UNKNOWN, main=main)


def noted(line: str, seen: str) -> Finding:
    """Return a line about something that no source settles: what was seen is the answer."""
    return Finding(line=line, expected=NOT_SETTLED, seen=seen, verdict=Verdict.OK)


async def tried(line: str, expected: str, attempt: Awaitable[Finding]) -> Finding:
    """Return the finding of an attempt; one that fails unexpectedly does not end the run."""
    try:
        return await attempt
    except (
        httpx.HTTPError,
        WebSocketException,
        OSError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        return untried(line, expected, f"failed: {type(error).__name__}: {str(error)[:120]}")


def table(findings: Iterable[Finding]) -> str:
    """Return the findings as a table in Markdown, to paste into an issue."""
    rows = [("line", "expected on AWS", "seen", "")]
    rows += [(each.line, each.expected, each.seen, each.verdict) for each in findings]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([lines[0], "|---|---|---|---|", *lines[1:]])


def failed(findings: Iterable[Finding]) -> bool:
    """Return whether the main flow did not work."""
    return any(each.main and each.verdict is not Verdict.OK for each in findings)
