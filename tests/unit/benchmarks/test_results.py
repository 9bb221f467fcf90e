"""What `make bench` writes, and when it fails."""

import pytest

from benchmarks import budgets
from benchmarks.__main__ import DEPTHS, running_table, waiting_table
from benchmarks.running import COUNTS, StoredQueue
from benchmarks.units import Row


def rows(numbers, write=2.0, read=1.0):
    return [Row(step, number, write, read, 4, 1) for number in numbers for step in budgets.TOTAL]


def test_a_step_that_is_measured_at_one_depth_has_one_cell():
    lines = waiting_table([*rows(DEPTHS), Row("streamed", 0, 2, 0.5, 3, 0)]).splitlines()

    assert "| streamed | 2 / 0.5 / 3 / 0 | - | - | - | - |" in lines
    assert "| **total** |" + " **6 / 3 / 12 / 3** |" * len(DEPTHS) in lines


def test_a_queue_is_shown_with_its_size_and_the_time_it_takes():
    queues = [StoredQueue(count, 10_000, 0.0041, 0.00199) for count in COUNTS]

    lines = running_table(rows(COUNTS), queues).splitlines()

    assert "| 1,280 | 10,000 | 4.10 ms | 1.99 ms |" in lines
    assert "| **total** |" + " **6 / 3 / 12 / 3** |" * len(COUNTS) in lines


def test_what_stays_within_its_budget_is_not_named():
    assert budgets.broken_by_waiting(rows(DEPTHS)) == []
    assert budgets.broken_by_running(rows(COUNTS)) == []


@pytest.mark.parametrize("depth", DEPTHS)
def test_each_budget_of_a_request_that_waits_is_checked(depth):
    dear = [Row("submit", depth, 9, 9, 9, 9)]

    assert [line.partition(":")[0] for line in budgets.broken_by_waiting(dear)] == [
        f"with {depth:,} waiting, {what}" for what in ("write units", "read units", "messages")
    ]


def test_each_budget_beside_running_requests_is_checked():
    broken = budgets.broken_by_running(rows(COUNTS, write=14, read=3))

    assert "with 64 running, write units: 42, above 6" in broken
    assert len(broken) == 2 * len(COUNTS)
