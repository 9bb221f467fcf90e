"""The table of what was timed."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Final

FLOOR: Final = "asked at once"
_TWENTIETHS: Final = 20


def percentile_95(values: Sequence[float]) -> float:
    """Return the value that one in twenty exceeds."""
    return statistics.quantiles(values, n=_TWENTIETHS, method="inclusive")[-1]


def latency_table(model: str, timed: Mapping[str, Sequence[float]]) -> str:
    """Return p50 and p95 of each way, and the ratio of its p50 to asking at once."""
    floor = statistics.median(timed[FLOOR])
    lines = [
        f"| {way} | {statistics.median(values) * 1000:,.0f} ms"
        f" | {percentile_95(values) * 1000:,.0f} ms | {statistics.median(values) / floor:.2f} |"
        for way, values in timed.items()
    ]
    heads = ["| way | p50 | p95 | p50 ÷ asked at once |", "|---|---|---|---|"]
    return "\n".join([f"## Model: {model}", "", *heads, *lines, ""])
