"""Measure everything and write RESULTS.md: `make bench`."""

import platform
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

from benchmarks import cold_start, tool_calls, units
from infra.local.cloud import local_cloud
from infra.local.emulator import free_port, start_emulator

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
DEPTHS: Final = (0, 1, 100, 1_000, 5_000)
COLD_RUNS: Final = 15

UNITS_TEXT: Final = (
    "Each cell has DynamoDB write units / read units / calls / WebSocket messages for 1 KB in and "
    "out, as reported by the emulator (`ReturnConsumedCapacity`). Idle: the worker is free, and "
    "the submit dispatches the request. Otherwise the result of the previous request does."
)
UNITS_BUDGET: Final = (
    "Budget: 6 write units, 3 read units (4 if the request had to wait) plus 1 per poll, and 3 "
    "messages. The total covers submit, result and one fetch."
)
COLD_START_TEXT: Final = (
    "Processor time to import a handler and assemble its adapters in a fresh process, compared "
    f"with a bare `boto3.client('dynamodb')` measured in turn; medians of {COLD_RUNS} pairs. It "
    "excludes the client of the @connections API, which is created at the first post."
)


def main() -> None:
    """Run each measurement and write its table."""
    rows, costs = _measured()
    parts = [_head(), units_table(rows), tool_calls.table(costs), _cold_start_table()]
    RESULTS.write_text("\n".join(parts), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def _head() -> str:
    names = ("boto3", "msgspec", "aws-lambda-powertools", "ministack")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"""# Measurements

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: Python {platform.python_version()}, \
{psutil.cpu_count()} cores of {platform.machine()}, {versions}.
"""


def units_table(measured: Iterable[units.Row]) -> str:
    """Return a table of each step's cost at each depth; unmeasured cells have a dash."""
    rows: dict[str, dict[int, units.Row]] = defaultdict(dict)
    for row in measured:
        rows[row.step][row.depth] = row
    lines = [
        f"| {step} | " + " | ".join(_cell(by_depth.get(depth)) for depth in DEPTHS) + " |"
        for step, by_depth in rows.items()
    ]
    heads = " | ".join("idle" if not depth else f"{depth:,} waiting" for depth in DEPTHS)
    return "\n".join(
        [
            "## Units of one request",
            "",
            UNITS_TEXT,
            "",
            f"| step | {heads} |",
            "|---|" + "---|" * len(DEPTHS),
            *lines,
            _total(rows),
            "",
            UNITS_BUDGET,
            "",
        ]
    )


def _measured() -> tuple[list[units.Row], list[tool_calls.Cost]]:
    with tempfile.TemporaryDirectory() as folder:
        cloud = local_cloud(free_port(), Path(folder))
        emulator = start_emulator(cloud)
        try:
            rows = list(units.measure(cloud.aws("dynamodb"), DEPTHS))
            # A client of its own: what counts the calls of the first one stays there.
            return rows, list(tool_calls.measure_tools(cloud.aws("dynamodb")))
        finally:
            process = psutil.Process(emulator.pid)
            process.terminate()
            process.wait()


def _cell(row: units.Row | None) -> str:
    if row is None:
        return "-"
    return f"{row.write:g} / {row.read:g} / {row.calls} / {row.messages}"


def _total(rows: dict[str, dict[int, units.Row]]) -> str:
    cells = []
    for depth in DEPTHS:
        way = [rows[step][depth] for step in ("submit", "result", "fetch")]
        cells.append(
            f"**{sum(r.write for r in way):g} / {sum(r.read for r in way):g}"
            f" / {sum(r.calls for r in way)} / {sum(r.messages for r in way)}**"
        )
    return "| **total** | " + " | ".join(cells) + " |"


def _cold_start_table() -> str:
    lines = [
        f"| {row.handler} | {row.seconds * 1000:.0f} ms | {row.bare_seconds * 1000:.0f} ms"
        f" | {row.ratio:.2f} |"
        for row in cold_start.measure(COLD_RUNS)
    ]
    return "\n".join(
        [
            "## Cold start",
            "",
            COLD_START_TEXT,
            "",
            "| handler | handler | bare client | ratio |",
            "|---|---|---|---|",
            *lines,
            "",
            "Budget: 1.25.",
            "",
        ]
    )


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
