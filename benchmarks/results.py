"""Units and cold starts: what `make bench` writes to RESULTS.md."""

import platform
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

import psutil

from benchmarks import budgets, cold_start, memory, running, tool_calls, units, warm
from benchmarks.clouds import bare_emulator

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
DEPTHS: Final = (0, 1, 100, 1_000, 5_000)
COLD_RUNS: Final = 11

CELLS_TEXT: Final = (
    "Each cell has DynamoDB write units / read units / calls / WebSocket messages for 1 KB in and "
    "out, as reported by the emulator (`ReturnConsumedCapacity`)."
)
WAITING_TEXT: Final = (
    f"{CELLS_TEXT} Idle: the worker is free, and the submit dispatches the request. Otherwise the "
    "result of the previous request does."
)
WAITING_BUDGET: Final = (
    f"Budget: {budgets.WRITE_UNITS} write units, {budgets.READ_UNITS_IDLE} read units "
    f"({budgets.READ_UNITS_WAITING} if the request had to wait) plus 1 per poll, and "
    f"{budgets.MESSAGES} messages. The total covers submit, result and one fetch."
)
RUNNING_TEXT: Final = (
    f"{CELLS_TEXT} The number includes the request itself, which finds a free slot. One worker "
    "runs up to 64 requests; 1,280 run at 20 workers."
)
STORED_TEXT: Final = (
    "The queue item: its size, and the processor time to write and to read it, medians of "
    f"{running.RUNS} runs."
)
COLD_START_TEXT: Final = (
    "Processor time to import a handler and assemble its adapters in a fresh process, compared "
    f"with a bare `boto3.client('dynamodb')` measured in turn; medians of {COLD_RUNS} pairs. It "
    "excludes the client of the @connections API, which is created at the first post. Measure on "
    "a quiet machine: other work makes the same handler differ by a tenth."
)
WARM_TEXT: Final = (
    "Processor time of a warm handler for one event, by how many requests run in the space: the "
    "handler itself, the signing of its calls and the reading of their answers, without the time "
    "that other services take. The least of some runs."
)
MEMORY_TEXT: Final = (
    "Computed for functions of several sizes, from the processor times above and "
    f"{memory.SECONDS_PER_CALL * 1000:g} ms for each call to another service, which is assumed. "
    "The costs are Lambda's for submit, result and one fetch, warm."
)


def write_results() -> list[str]:
    """Run each measurement, write its table, and return which budgets are broken."""
    measured = _measured()
    cold_starts = list(cold_start.measure(COLD_RUNS))
    parts = [
        _head(),
        waiting_table(measured.waiting),
        running_table(measured.running, measured.queues),
        tool_calls.table(measured.tools),
        cold_start_table(cold_starts),
        warm_table(measured.warm),
        _section("Memory", MEMORY_TEXT, memory.table(memory.sizes(measured.warm, cold_starts))),
    ]
    RESULTS.write_text("\n".join(parts), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    return [
        *budgets.broken_by_waiting(measured.waiting),
        *budgets.broken_by_running(measured.running),
        *budgets.broken_by_cold_starts(cold_starts),
    ]


def _head() -> str:
    names = ("boto3", "msgspec", "aws-lambda-powertools", "ministack")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"""# Measurements

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: Python {platform.python_version()}, \
{psutil.cpu_count()} cores of {platform.machine()}, {versions}.
"""


def waiting_table(rows: Sequence[units.Row]) -> str:
    """Return a table of each step's cost by how many requests wait."""
    heads = ["idle" if not depth else f"{depth:,} waiting" for depth in DEPTHS]
    table = _table(rows, DEPTHS, heads)
    return _section("Units of one request", WAITING_TEXT, table, WAITING_BUDGET)


def running_table(rows: Sequence[units.Row], queues: Sequence[running.StoredQueue]) -> str:
    """Return a table of each step's cost by how many requests run, and one of the queue item."""
    counts = [queue.running for queue in queues]
    table = _table(rows, counts, [f"{count:,} running" for count in counts])
    most = ", ".join(f"{units} with {n:,}" for n, units in budgets.WRITE_UNITS_BESIDE.items())
    stored = [
        "| running | bytes | write | read |",
        "|---|---|---|---|",
        *(
            f"| {each.running:,} | {each.size:,} | {each.write_seconds * 1000:.2f} ms "
            f"| {each.read_seconds * 1000:.2f} ms |"
            for each in queues
        ),
    ]
    title = "Units of one request beside others that run"
    budget = f"Budget in write units: {most} running."
    return _section(title, RUNNING_TEXT, table, budget, STORED_TEXT, "\n".join(stored))


def _section(title: str, *parts: str) -> str:
    return "\n\n".join([f"## {title}", *parts]) + "\n"


def _table(rows: Sequence[units.Row], numbers: Sequence[int], heads: Sequence[str]) -> str:
    """Return a table with a column for each number; cells that were not measured have a dash."""
    steps: dict[str, dict[int, units.Row]] = defaultdict(dict)
    for row in rows:
        steps[row.step][row.depth] = row
    sums = (budgets.total(rows, number) for number in numbers)
    totals = [f"**{write:g} / {read:g} / {calls} / {sent}**" for write, read, calls, sent in sums]
    lines = [["step", *heads], ["---"] * (1 + len(heads))]
    for step, by_number in steps.items():
        lines.append([step, *(_cell(by_number.get(number)) for number in numbers)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [*lines, ["**total**", *totals]])


def _cell(row: units.Row | None) -> str:
    return f"{row.write:g} / {row.read:g} / {row.calls} / {row.messages}" if row else "-"


class _Measured(NamedTuple):
    waiting: list[units.Row]
    running: list[units.Row]
    queues: list[running.StoredQueue]
    tools: list[tool_calls.Cost]
    warm: list[warm.Warm]


def _measured() -> _Measured:
    with bare_emulator() as cloud:
        # Each with a client of its own: what counts the calls of a client stays there.
        waiting = list(units.measure(cloud.aws("dynamodb"), DEPTHS))
        beside, queues = running.measure_running(cloud.aws("dynamodb"))
        tools = list(tool_calls.measure_tools(cloud.aws("dynamodb")))
        handlers = warm.measure_warm(cloud.emulator_url)
        return _Measured(waiting, beside, queues, tools, handlers)


def cold_start_table(rows: Sequence[cold_start.ColdStart]) -> str:
    """Return a table of what each handler takes until it can handle its first event."""
    lines = [
        "| handler | handler | bare client | ratio |",
        "|---|---|---|---|",
        *(
            f"| {row.handler} | {row.seconds * 1000:.0f} ms | {row.bare_seconds * 1000:.0f} ms "
            f"| {row.ratio:.2f} |"
            for row in rows
        ),
    ]
    more = ", ".join(f"`{name}` {most}" for name, most in budgets.COLD_START_RATIO_OF.items())
    budget = f"Budget: {budgets.COLD_START_RATIO}; {more} (docs/decisions/0062)."
    return _section("Cold start", COLD_START_TEXT, "\n".join(lines), budget)


def warm_table(rows: Sequence[warm.Warm]) -> str:
    """Return a table of each step's processor time by how many requests run."""
    heads = [f"{count:,} running" for count in warm.COUNTS]
    lines = [
        ["handler and step", *heads],
        ["---"] * (1 + len(heads)),
        *([row.step, *(f"{row.seconds[n] * 1000:.1f} ms" for n in warm.COUNTS)] for row in rows),
    ]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return _section("Processor time of one event", WARM_TEXT, table)
