import pytest

from spaces.domain.queue.queue import Place, Queue, Running
from spaces.domain.queue.wait_estimate import (
    LONGEST_POLL,
    SHORTEST_POLL,
    expected_wait,
    next_poll,
    shortest_poll,
)

NOW = 1_800_000_000_000


def queue(slots=1, since=(), pace=None):
    running = {n + 1: Running("w", 1, NOW - ago, NOW, NOW, 0) for n, ago in enumerate(since)}
    workers = {"w": Place("c", NOW, slots, NOW)} if slots else {}
    return Queue(space_id="echo", running=running, workers=workers, pace=pace)


def test_nobody_can_tell_without_a_worker():
    assert expected_wait(queue(slots=0, pace=5_000), 0, NOW) is None


def test_a_free_slot_means_no_wait():
    assert expected_wait(queue(slots=2, since=[1_000]), 0, NOW) == 0


def test_nobody_can_tell_before_anything_was_answered():
    assert expected_wait(queue(since=[1_000]), 0, NOW) is None


def test_the_wait_is_what_is_left_of_the_running_request_and_all_in_front():
    assert expected_wait(queue(since=[3_000], pace=10_000), 0, NOW) == 7_000
    assert expected_wait(queue(since=[3_000], pace=10_000), 2, NOW) == 27_000


def test_several_slots_share_the_queue():
    state = queue(slots=2, since=[3_000, 8_000], pace=10_000)

    assert [expected_wait(state, n, NOW) for n in range(4)] == [2_000, 2_000, 12_000, 12_000]


def test_behind_a_request_that_takes_longer_than_usual_nobody_can_tell():
    assert expected_wait(queue(since=[60_000], pace=10_000), 0, NOW) is None


@pytest.mark.parametrize(("seconds", "budget", "overdue"), [(10, 6, 0.5), (60, 8, 3)])
def test_few_polls_see_a_request_of_known_pace_end_soon_after_it_does(seconds, budget, overdue):
    """The budgets of budgets.md: polls, and how long the person waits for nothing."""
    end = seconds * 1_000
    time = polls = 0
    while time < end:
        time += next_poll(max(0, end - time), time)
        polls += 1

    assert polls <= budget
    assert time - end <= overdue * 1_000


def test_an_answer_that_comes_sooner_than_usual_is_not_left_lying():
    assert next_poll(60_000, 0) == 1_000


@pytest.mark.parametrize("pace", [6_000, 10_000, 60_000])
@pytest.mark.parametrize("end", [1_100, 1_900, 2_600, 3_900])
def test_a_pace_that_is_far_too_long_hardly_delays_a_quick_answer(pace, end):
    """As after a first request that loaded the model: no answer is twice as late as it is."""
    time = 0
    while time < end:
        time += next_poll(max(0, pace - time), time, shortest_poll(pace))

    assert time <= max(2_000, 2 * end)


@pytest.mark.parametrize("end", [900, 2_500, 5_000, 10_000, 60_000])
def test_before_any_pace_is_known_an_answer_is_a_fifth_late_at_most(end):
    time = polls = 0
    while time < end:
        time += next_poll(None, time, shortest_poll(None))
        polls += 1

    assert time - end <= max(SHORTEST_POLL, end / 5)
    assert polls <= 24


def test_looks_are_bounded():
    assert next_poll(10 * 3_600_000, 60_000) == LONGEST_POLL
    assert next_poll(10, 0) == next_poll(None, 0) == SHORTEST_POLL


@pytest.mark.parametrize(
    ("pace", "shortest"),
    [
        (None, 500),
        (1, 30),
        (120, 30),
        (199, 50),
        (400, 100),
        (1_000, 250),
        (2_000, 500),
        (60_000, 500),
    ],
)
def test_the_shortest_poll_follows_the_pace(pace, shortest):
    assert shortest_poll(pace) == shortest


def test_a_request_that_is_slower_than_its_quick_space_costs_few_polls():
    time, polls = 0, 0
    while time < 10_000:
        time += next_poll(max(0, 20 - time), time, shortest_poll(20))
        polls += 1

    assert polls <= 54  # as many as if no poll came sooner than after 100 ms, and the first one


@pytest.mark.parametrize("pace", [20, 100, 399])
def test_a_quick_model_is_not_kept_waiting_for_its_poll(pace):
    time = polls = 0
    while time < pace:
        time += next_poll(max(0, pace - time), time, shortest_poll(pace))
        polls += 1

    assert time - pace <= 100
    assert polls <= 3
