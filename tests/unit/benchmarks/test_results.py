"""What `make bench` writes, and when it fails."""

import pytest

from benchmarks import budgets, cold_start, memory
from benchmarks import results as bench
from benchmarks.__main__ import measure_results
from benchmarks.cold_start import ColdStart
from benchmarks.results import DEPTHS, running_table, waiting_table
from benchmarks.running import COUNTS, StoredQueue
from benchmarks.units import Row
from benchmarks.warm import Warm

WARM = [
    Warm("api: submit", {1: 0.010, 64: 0.011, 1_280: 0.020}),
    Warm("result", dict.fromkeys((1, 64, 1_280), 0.008)),
    Warm("api: fetch", dict.fromkeys((1, 64, 1_280), 0.002)),
]


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


def test_a_handler_that_starts_slowly_is_named():
    starts = [
        ColdStart("api", 0.2, 0.1, 1.51),
        ColdStart("wait", 0.2, 0.1, 1.5),
        ColdStart("stream", 0.2, 0.1, 1.36),
        ColdStart("result", 0.2, 0.1, 1.254),
        ColdStart("offer", 0.2, 0.1, 1.26),
    ]

    assert budgets.broken_by_cold_starts(starts) == [
        "cold start of api: 1.51, above 1.5",
        "cold start of stream: 1.36, above 1.35",
        "cold start of offer: 1.26, above 1.25",
    ]


def test_memory_makes_waiting_dearer_and_computing_faster():
    half, whole = (
        each
        for each in memory.sizes(WARM, [ColdStart("api", 0.2, 0.2, 1.0)])
        if each.megabytes in (512, 1_769)
    )

    assert (round(whole.submit, 3), round(whole.cold_start, 3)) == (0.040, 0.200)
    assert round(half.submit, 4) == round(0.010 * 1_769 / 512 + 6 * 0.005, 4)
    assert round(whole.usd_per_million, 2) == round((0.075 * 1_769 / 1_024) * 13.3334 + 0.6, 2)
    assert "| 512 MB (chosen) | 65 ms |" in memory.table([half])


def test_make_bench_fails_above_a_budget(monkeypatch, tmp_path, capsys):
    measured = bench._Measured(rows(DEPTHS), rows(COUNTS, write=14), [], [], WARM)
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(bench, "_measured", lambda: measured)
    monkeypatch.setattr(cold_start, "measure", lambda _: [ColdStart("api", 0.3, 0.1, 3.0)])

    with pytest.raises(SystemExit) as ended:
        measure_results()

    assert "cold start of api: 3, above 1.5" in str(ended.value.code)
    assert "with 64 running, write units: 42, above 6" in str(ended.value.code)
    assert "| api | 300 ms | 100 ms | 3.00 |" in capsys.readouterr().out
