"""What a request costs in DynamoDB's units and in messages, as the emulator counts them."""

from collections import defaultdict

import pytest

from benchmarks import budgets
from benchmarks.running import COUNTS, StoredQueue, measure_running
from benchmarks.tool_calls import measure_tools
from benchmarks.units import Row, measure, measure_limited
from spaces.domain.access.caller import Anonymous, Caller, User
from spaces_protocol.limits import MAX_CAPACITY
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

IDLE, DEPTHS = 0, (1, 100, 1_000, 5_000)


@pytest.fixture(scope="module")
def rows(deployed_cloud: DeployedCloud) -> list[Row]:
    client = deployed_cloud.cloud.aws("dynamodb")
    return list(measure(client, (IDLE, *DEPTHS)))


@pytest.mark.parametrize("depth", [IDLE, 1])
def test_a_request_stays_within_its_budget(rows: list[Row], depth: int) -> None:
    steps = {row.step: row for row in rows if row.depth == depth}

    assert set(budgets.TOTAL) <= set(steps)
    assert budgets.broken_by_waiting(rows) == []
    assert (steps["poll"].read, steps["poll"].write) == (1, 0)
    assert (steps["progress"].write, steps["progress"].messages) == (1, 0)


@pytest.mark.parametrize("caller", [Anonymous("a"), User("s", "ulla")])
def test_a_caller_who_is_counted_costs_one_write_and_half_a_read_more(
    deployed_cloud: DeployedCloud, caller: Caller
) -> None:
    """All of a caller's limits are one small item; what no longer waits is found by the queue."""
    steps = {row.step: row for row in measure_limited(deployed_cloud.cloud.aws("dynamodb"), caller)}
    way = [steps[step] for step in ("submit", "result", "fetch")]

    assert sum(row.write for row in way) <= budgets.WRITE_UNITS + 1
    assert sum(row.read for row in way) <= budgets.READ_UNITS_IDLE + 0.5
    assert (steps["poll"].read, steps["poll"].write) == (1, 0)


def test_the_length_of_the_queue_changes_nothing(rows: list[Row]) -> None:
    prices = defaultdict(set)
    for row in rows:
        if row.depth:
            prices[row.step].add((row.read, row.write, row.calls, row.messages))

    assert {step: len(found) for step, found in prices.items()} == dict.fromkeys(prices, 1)


@pytest.fixture(scope="module")
def beside(deployed_cloud: DeployedCloud) -> tuple[list[Row], list[StoredQueue]]:
    return measure_running(deployed_cloud.cloud.aws("dynamodb"))


def test_requests_that_run_make_no_other_dearer_than_its_budget(
    beside: tuple[list[Row], list[StoredQueue]],
) -> None:
    rows, _ = beside

    assert {(row.step, row.depth) for row in rows} >= {
        (step, count) for step in budgets.TOTAL for count in COUNTS
    }
    assert budgets.broken_by_running(rows) == []


def test_requests_that_one_worker_runs_change_nothing(
    beside: tuple[list[Row], list[StoredQueue]],
) -> None:
    """The queue item stays within one write unit, which is 1 KB."""
    rows, queues = beside
    prices = defaultdict(set)
    for row in rows:
        if row.depth <= MAX_CAPACITY:
            prices[row.step].add((row.read, row.write, row.calls, row.messages))

    assert {step: len(found) for step, found in prices.items()} == dict.fromkeys(prices, 1)
    assert max(queue.size for queue in queues if queue.running <= MAX_CAPACITY) <= 1024


def test_streamed_text_costs_one_more_write_and_one_more_read(rows: list[Row]) -> None:
    steps = {row.step: row for row in rows if row.depth == IDLE}
    said, read = steps["half a second of text"], steps["poll of new text"]

    assert (said.write, said.messages) == (2, 0)
    assert (read.read, read.write) == (1.5, 0)


def test_call_of_a_tool_costs_what_the_same_request_costs(deployed_cloud: DeployedCloud) -> None:
    """MCP stores nothing of its own; a search for the tool is one and a half units more."""
    steps = {cost.step: cost for cost in measure_tools(deployed_cloud.cloud.aws("dynamodb"))}
    way = [
        steps[step]
        for step in ("tools/call: submit", "the worker's result", "tools/call: the result")
    ]

    assert sum(cost.write for cost in way) <= budgets.WRITE_UNITS + 1
    assert sum(cost.read for cost in way) <= budgets.READ_UNITS_IDLE + 1.5
    assert sum(cost.messages for cost in way) <= budgets.MESSAGES
    assert sum(cost.schedules for cost in way) <= 1
    running = steps["tasks/get of a task that runs"]
    assert (running.read, running.write) == (1, 0)
    assert (steps["tasks/get with the result"].read, steps["tasks/get with the result"].write) == (
        2,
        0,
    )
