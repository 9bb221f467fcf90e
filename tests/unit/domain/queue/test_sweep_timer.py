"""When the next sweep is needed, and what counts as an armed timer."""

import pytest

from spaces.domain.queue.queue import Place, Queue, Running
from spaces.domain.queue.sweep_timer import clear_timer, has_timer, next_sweep

NOW = 1_800_000_000_000


def queue_with(deadline, **fields):
    running = Running(holder="w\nt", attempt=1, since=NOW, lease_until=deadline, deadline=deadline)
    place = Place(connection_id="c", connected_at=NOW, capacity=1, since=NOW)
    return Queue(
        space_id="echo", tail=1, next=2, running={1: running}, workers={"w\nt": place}, **fields
    )


@pytest.mark.parametrize("seconds_left", [-60, -1, 0, 1, 7, 8])
def test_timer_is_never_armed_less_than_ten_seconds_ahead(seconds_left):
    assert next_sweep(queue_with(NOW + seconds_left * 1000), NOW) == NOW + 10_000


def test_timer_is_armed_right_after_a_deadline_that_is_further_off():
    assert next_sweep(queue_with(NOW + 30_000), NOW) == NOW + 32_000


def test_timer_is_never_armed_more_than_55_seconds_ahead():
    assert next_sweep(queue_with(NOW + 120_000), NOW) == NOW + 55_000


@pytest.mark.parametrize(
    ("sweep_at", "armed"), [(None, False), (NOW - 1, False), (NOW, False), (NOW + 90_000, True)]
)
def test_work_needs_a_recorded_timer_that_is_still_to_come(sweep_at, armed):
    assert has_timer(queue_with(NOW + 30_000, sweep_at=sweep_at), NOW) is armed


def test_queue_without_work_needs_no_timer():
    assert has_timer(Queue(space_id="echo"), NOW)


def test_timer_that_fired_early_by_our_clock_leaves_a_later_one():
    later = queue_with(NOW, sweep_at=NOW + 1)
    assert clear_timer(later, NOW) is later
