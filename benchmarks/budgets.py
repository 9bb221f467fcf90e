"""What may be spent, in one place: `make bench` fails if more is, and so do the tests."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from benchmarks.cold_start import ColdStart
from benchmarks.units import Row

TOTAL: Final = ("submit", "result", "fetch")
"""The steps of a request that every request has once."""
WRITE_UNITS: Final = 6
READ_UNITS_IDLE: Final = 3
READ_UNITS_WAITING: Final = 4
"""A request that had to wait is read again when the result before it dispatches it."""
MESSAGES: Final = 3
WRITE_UNITS_BESIDE: Final = MappingProxyType({1: 6, 8: 6, 16: 6, 64: 6, 1_280: 40})
"""Write units of a request, by how many requests run in its space."""
READ_UNITS_BESIDE: Final = MappingProxyType({1: 3, 8: 3, 16: 3, 64: 3, 1_280: 6})

COLD_START_RATIO: Final = 1.25
"""Processor time until a handler can handle its first event, in those of a bare client."""
COLD_START_RATIO_OF: Final = MappingProxyType(
    {"stream": 1.35, "api": 1.5, "wait": 1.5, "admin": 1.5}
)
"""The same of those that are larger; docs/decisions/0062 says why."""


def total(rows: Iterable[Row], number: int) -> tuple[float, float, int, int]:
    """Return write units, read units, calls and messages of a request at a number of others."""
    way = [row for row in rows if row.depth == number and row.step in TOTAL]
    write, read = sum(row.write for row in way), sum(row.read for row in way)
    return write, read, sum(row.calls for row in way), sum(row.messages for row in way)


def broken_by_waiting(rows: Sequence[Row]) -> list[str]:
    """Return a line for each budget that a request breaks beside so many that wait."""
    lines = []
    for depth in sorted({row.depth for row in rows}):
        write, read, _, messages = total(rows, depth)
        most = READ_UNITS_WAITING if depth else READ_UNITS_IDLE
        lines += _above(f"with {depth:,} waiting, write units", write, WRITE_UNITS)
        lines += _above(f"with {depth:,} waiting, read units", read, most)
        lines += _above(f"with {depth:,} waiting, messages", messages, MESSAGES)
    return lines


def broken_by_running(rows: Sequence[Row]) -> list[str]:
    """Return a line for each budget that a request breaks beside so many that run."""
    lines = []
    limits: tuple[tuple[str, int, Mapping[int, int]], ...] = (
        ("write units", 0, WRITE_UNITS_BESIDE),
        ("read units", 1, READ_UNITS_BESIDE),
    )
    for what, index, budget in limits:
        for count, most in budget.items():
            lines += _above(f"with {count:,} running, {what}", total(rows, count)[index], most)
    return lines


def broken_by_cold_starts(rows: Iterable[ColdStart]) -> list[str]:
    """Return a line for each handler whose cold start takes too long."""
    return [
        line
        for row in rows
        for line in _above(
            f"cold start of {row.handler}",
            round(row.ratio, 2),
            COLD_START_RATIO_OF.get(row.handler, COLD_START_RATIO),
        )
    ]


def _above(what: str, measured: float, most: float) -> list[str]:
    return [f"{what}: {measured:g}, above {most:g}"] if measured > most else []
