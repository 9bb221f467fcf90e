"""What functions of several sizes would take and cost, from processor times that were measured.

Lambda gives a function processor time in proportion to its memory, and bills its memory by time.
So computing costs the same with any memory, and waiting for other services costs more with more.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from benchmarks.cold_start import ColdStart
from benchmarks.warm import Warm
from infra.access import USUAL_MEMORY
from infra.costs.prices import MILLION
from infra.costs.usage import use

MEGABYTES: Final = (256, 512, 1_024, 1_769)
ONE_PROCESSOR: Final = 1_769
"""MB with which a function has a whole processor ("Configure Lambda function memory")."""
SECONDS_PER_CALL: Final = 0.005
"""Assumed: how long DynamoDB, @connections and the scheduler take to answer."""
CALLS: Final = MappingProxyType({"api: submit": 6, "result": 4, "api: fetch": 1})
"""What a request runs once each, and how often each step calls another service."""


class Size(NamedTuple):
    """A size of functions; times in seconds, with one request in the space."""

    megabytes: int
    submit: float
    result: float
    cold_start: float
    usd_per_million: float


def sizes(warm: Iterable[Warm], cold_starts: Iterable[ColdStart]) -> list[Size]:
    """Return what each size would take and cost."""
    computing = {row.step: min(row.seconds.values()) for row in warm}
    cold = next(row.seconds for row in cold_starts if row.handler == "api")
    return [_size(megabytes, computing, cold) for megabytes in MEGABYTES]


def _size(megabytes: int, computing: Mapping[str, float], cold: float) -> Size:
    share = min(1.0, megabytes / ONE_PROCESSOR)
    takes = {
        step: computing[step] / share + calls * SECONDS_PER_CALL for step, calls in CALLS.items()
    }
    gigabyte_seconds = sum(takes.values()) * megabytes / 1_024
    usd = use(gb_second=gigabyte_seconds, run=len(takes)).total() * MILLION
    return Size(megabytes, takes["api: submit"], takes["result"], cold / share, float(usd))


def table(found: Iterable[Size]) -> str:
    """Return the sizes as a table."""
    lines = [
        "| memory | submit | result | cold start of `api` | USD per million requests |",
        "|---|---|---|---|---|",
        *(
            f"| {each.megabytes:,} MB{' (chosen)' if each.megabytes == USUAL_MEMORY else ''} "
            f"| {each.submit * 1000:.0f} ms | {each.result * 1000:.0f} ms "
            f"| {each.cold_start * 1000:,.0f} ms | {each.usd_per_million:.2f} |"
            for each in found
        ),
    ]
    return "\n".join(lines)
