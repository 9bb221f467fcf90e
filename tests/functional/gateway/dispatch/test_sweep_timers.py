"""What holds when EventBridge Scheduler refuses, throttles, is late or does not answer."""

from dataclasses import replace

import pytest

from spaces.domain.queue.sweep_timer import SCHEDULER_DELAY
from spaces.services.dispatch.sweep_space import LONGEST_CHAIN, TimerNotArmed, sweep_space
from spaces.services.requests.view_request import request_status
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.release_connection import release_connection
from spaces_protocol.worker_messages import Progress
from tests.functional.gateway.scheduler import Functions, Scheduler, timers_over
from tests.functional.gateway.world import answer_to

MINUTE = 60


@pytest.fixture
def functions():
    return Functions()


@pytest.fixture
def scheduler(world):
    return Scheduler(world.clock)


@pytest.fixture
def scheduled(world, scheduler, functions):
    """The world, with its timers behind the real adapter."""
    timers = timers_over(scheduler, functions, world.clock)
    world.gateway = replace(world.gateway, timers=timers)
    return world


def sweep(world, at=None, began=None):
    sweep_space(world.gateway, "echo", world.clock() if at is None else at, began)


def status_of(world, accepted):
    return request_status(world.gateway, accepted.request.request_id).status


def stored_ending(world, accepted):
    return world.gateway.requests.read("echo", accepted.request.ticket).ending


def pass_time(world, scheduler, seconds, late=0):
    """Let time pass and timers fire; nobody polls."""
    end = world.clock() + seconds * 1000
    while world.clock() < end:
        world.clock.pass_seconds(1)
        for fired in scheduler.fire(world.clock(), late):
            sweep_space(world.gateway, fired.space, fired.at)


@pytest.mark.parametrize("ahead", [3, 9, 15, 40])
def test_timer_refused_as_past_is_armed_for_later(scheduled, scheduler, functions, ahead):
    sender = scheduled.join()
    accepted = scheduled.submit()
    scheduler.ahead = ahead * 1000

    release_connection(scheduled.gateway, sender)  # needs a timer after 22 s

    assert scheduled.queue().sweep_at > scheduled.clock()
    assert not functions.invoked
    pass_time(scheduled, scheduler, 2 * MINUTE)
    assert accepted.request.ticket not in scheduled.queue().running


def test_time_further_off_than_every_try_starts_a_sweep(scheduled, scheduler, functions):
    scheduler.ahead = 10 * MINUTE * 1000

    scheduled.submit()

    assert scheduled.queue().sweep_at is None
    assert [fired.space for fired in functions.invoked] == ["echo"]


def test_lost_answer_counts_as_armed(scheduled, scheduler, functions):
    scheduler.loses_answers = True

    scheduled.submit()

    assert len(scheduler.schedules) == 1
    assert scheduled.queue().sweep_at is not None
    assert not functions.invoked


@pytest.mark.parametrize("fault", ["throttles", "silent"])
def test_no_scheduler_error_fails_a_call(scheduled, scheduler, fault):
    setattr(scheduler, fault, True)
    sender = scheduled.join()

    accepted = scheduled.submit()
    waiting = scheduled.submit("two")
    (handed,) = scheduled.handed(sender)
    commit_result(scheduled.gateway, sender, answer_to(handed))
    release_connection(scheduled.gateway, sender)

    assert status_of(scheduled, accepted) == "COMPLETED"
    assert status_of(scheduled, waiting) in ("IN_QUEUE", "IN_PROGRESS")
    assert scheduled.queue().sweep_at is None


def test_queue_claims_no_timer_that_was_not_armed_and_the_next_call_arms_it(scheduled, scheduler):
    scheduler.throttles = True
    scheduled.submit()
    assert scheduled.queue().sweep_at is None

    scheduler.throttles = False
    scheduled.submit("two")

    assert scheduled.queue().sweep_at is not None
    assert len(scheduler.schedules) == 1


def test_sweep_is_started_when_no_timer_can_be_armed(scheduled, scheduler, functions):
    scheduler.throttles = True

    scheduled.submit()
    scheduled.submit("two")

    assert len(functions.invoked) == 1, "one in 30 seconds is enough"
    events = dict(scheduled.events)
    assert events["timer_not_armed"] == {
        "space": "echo",
        "outcome": "unavailable",
        "started": True,
    }


def test_failed_sweep_is_repeated_until_it_has_armed_a_timer(scheduled, scheduler, functions):
    scheduler.throttles = True
    scheduled.submit()
    (started,) = functions.invoked

    with pytest.raises(TimerNotArmed):
        sweep(scheduled, started.at)
    scheduled.clock.pass_seconds(60)
    scheduler.throttles = False
    sweep(scheduled, started.at)

    assert scheduled.queue().sweep_at is not None
    assert len(functions.invoked) == 1


def test_last_try_of_a_sweep_starts_another(scheduled, scheduler, functions):
    scheduler.throttles = True
    scheduled.submit()
    (started,) = functions.invoked
    scheduled.clock.pass_seconds(180)

    sweep(scheduled, started.at)

    assert [fired.at for fired in functions.invoked] == [started.at, scheduled.clock()]


def test_sweeps_that_start_one_another_know_when_the_first_began(scheduled, scheduler, functions):
    scheduler.throttles = True
    scheduled.submit()
    (started,) = functions.invoked
    assert started.began == started.at

    for _ in range(2):
        scheduled.clock.pass_seconds(180)
        sweep(scheduled, functions.invoked[-1].at, started.began)

    assert [fired.began for fired in functions.invoked] == [started.at] * 3


@pytest.mark.parametrize(("older", "goes_on"), [(0, True), (1, False)])
def test_sweeps_do_not_start_one_another_forever(scheduled, scheduler, functions, older, goes_on):
    """As they would if a request never ended: the scheduler armed them once a minute, too."""
    scheduler.throttles = True
    scheduled.submit()
    functions.invoked.clear()
    now = scheduled.clock()
    scheduled.clock.pass_seconds(31)
    began = scheduled.clock() - LONGEST_CHAIN - older

    if goes_on:
        sweep(scheduled, now - 180_000, began)
    else:
        with pytest.raises(TimerNotArmed):
            sweep(scheduled, now - 180_000, began)

    assert bool(functions.invoked) is goes_on


def test_sweep_replaces_no_other_that_goes_on_for_longer(scheduled, scheduler, functions):
    """Two chains meet in one process; what the younger one is for may outlive the older one."""
    scheduler.throttles = True
    scheduled.submit()
    functions.invoked.clear()
    scheduled.clock.pass_seconds(180)
    now = scheduled.clock()

    for began in (now - 3_600_000, now - 180_000, now - 3_600_000):
        sweep(scheduled, now - 180_000, began)

    assert [fired.began for fired in functions.invoked] == [now - 3_600_000, now - 180_000]


def test_last_try_that_can_start_nothing_fails_for_good(scheduled, scheduler, functions):
    scheduler.throttles = functions.down = True
    scheduled.submit()
    scheduled.clock.pass_seconds(180)

    with pytest.raises(TimerNotArmed):
        sweep(scheduled, scheduled.clock() - 180_000)


def test_scheduler_that_does_not_answer_is_not_asked_at_every_turn(scheduled, scheduler):
    scheduler.silent = True

    for number in range(5):
        scheduled.submit(str(number))
    assert scheduler.calls == 1

    scheduled.clock.pass_seconds(5)
    scheduled.submit("later")
    assert scheduler.calls == 2


def test_nothing_is_lost_while_the_scheduler_is_away_for_an_hour(scheduled, scheduler, functions):
    """Nobody polls; Lambda repeats what failed after one and two more minutes."""
    scheduler.throttles = True
    sender = scheduled.join()
    running, waiting = scheduled.submit(), scheduled.submit("two")
    scheduled.ends.gone.add(sender.connection_id)  # its connection ends without a notice

    due = [(fired.at, fired, 0) for fired in functions.invoked]
    while due and scheduled.clock() < running.request.created_at + 3300 * 1000:
        at, fired, tries = due.pop(0)
        scheduled.clock.time = max(at, scheduled.clock())
        before = len(functions.invoked)
        try:
            sweep(scheduled, fired.at)
        except TimerNotArmed:
            assert tries < 2, "the last try must not fail"
            due.append((scheduled.clock() + (60_000, 120_000)[tries], fired, tries + 1))
        due += [(f.at, f, 0) for f in functions.invoked[before:]]

    assert stored_ending(scheduled, running).state == "TIMED_OUT"
    assert len(scheduled.handed(scheduled.join("w2"))) == 1
    assert stored_ending(scheduled, waiting) is None
    assert 15 < len(functions.invoked) < 25, "about one every three minutes"

    scheduler.throttles = False
    _, fired, _ = due.pop(0)
    sweep(scheduled, fired.at)
    assert scheduled.queue().sweep_at is not None


def test_request_ends_within_two_minutes_of_its_timeout_though_every_timer_is_late(
    scheduled, scheduler
):
    accepted = scheduled.submit()
    queue_deadline = accepted.request.queue_deadline
    late = SCHEDULER_DELAY - 1000
    scheduler.schedules.clear()
    scheduled.clock.time = queue_deadline - 1
    sweep(scheduled)  # the worst moment for one: a millisecond too early

    pass_time(scheduled, scheduler, 120, late)

    ending = stored_ending(scheduled, accepted)
    assert ending is not None
    assert 0 <= ending.ended_at - queue_deadline <= 116_000


def test_run_ends_within_75_seconds_of_its_deadline_though_every_timer_is_late(
    scheduled, scheduler
):
    sender = scheduled.join()
    accepted = scheduled.submit()
    (handed,) = scheduled.handed(sender)
    deadline = scheduled.queue().running[accepted.request.ticket].deadline
    late = SCHEDULER_DELAY - 1000
    progress = Progress(request_id=handed.request_id, attempt=handed.attempt, percent=1)
    for _ in range(8):
        record_progress(scheduled.gateway, sender, progress)
        pass_time(scheduled, scheduler, 14, late)
    record_progress(scheduled.gateway, sender, progress)  # the last word before the deadline
    assert scheduled.clock() < deadline

    pass_time(scheduled, scheduler, (deadline - scheduled.clock()) / 1000 + 75, late)

    ending = stored_ending(scheduled, accepted)
    assert ending is not None
    assert ending.state == "TIMED_OUT"
    assert ending.ended_at - deadline <= 71_000
