import pytest

from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import SwapConflict
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.gateway_messages import Cancel, Check, Request
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import Progress
from tests.functional.gateway.world import answer_to


def progress_of(request, percent=10.0, **fields):
    return Progress(
        request_id=request.request_id, attempt=request.attempt, percent=percent, **fields
    )


def test_a_request_of_a_silent_worker_is_asked_about_and_then_handed_back(world):
    worker = world.join()
    accepted = world.submit()

    world.clock.pass_seconds(21)
    request_status(world.gateway, accepted.request.request_id)
    assert len(world.messages(worker, Check)) == 1
    assert world.queue().retry == ()

    world.clock.pass_seconds(11)
    status = request_status(world.gateway, accepted.request.request_id)

    assert status.status is RequestState.IN_QUEUE
    assert (status.queue_position, status.queue_reason) == (0, "no_worker")
    assert world.place("w1").state == "suspect"


def test_a_check_that_is_answered_brings_the_request_again_at_the_same_attempt(world):
    worker = world.join()
    world.submit()
    world.clock.pass_seconds(21)
    advance(world.gateway, "echo")

    world.register(worker)

    assert [r.attempt for r in world.messages(worker, Request)] == [1, 1]
    assert world.queue().retry == ()


def test_progress_keeps_a_request_with_its_worker(world):
    worker = world.join()
    world.submit()
    request = world.handed(worker)[0]

    for _ in range(4):
        world.clock.pass_seconds(25)
        record_progress(world.gateway, worker, progress_of(request))
        advance(world.gateway, "echo")

    assert world.queue().running[1].attempt == 1
    assert world.messages(worker, Check) == []


def test_a_request_that_runs_too_long_ends_and_its_worker_is_told_to_stop(world):
    worker = world.join()
    accepted = world.submit("first")
    world.submit("second")
    request = world.handed(worker)[0]
    for _ in range(5):
        world.clock.pass_seconds(24)
        record_progress(world.gateway, worker, progress_of(request))

    status = request_status(world.gateway, accepted.request.request_id)

    assert (status.status, status.error_type) == (RequestState.TIMED_OUT, "timed_out")
    assert "120 seconds" in status.error
    (stop,) = world.messages(worker, Cancel)
    assert (stop.request_id, stop.reason) == (request.request_id, "timed_out")
    assert world.handed(worker)[-1].input.prompt == "second"


def test_a_request_that_is_lost_three_times_fails(world):
    accepted = world.submit()
    for n in range(3):
        worker = world.join(f"w{n}")
        assert world.handed(worker)[-1].attempt == n + 1
        world.ends.gone.add(worker.connection_id)
        world.clock.pass_seconds(21)
        advance(world.gateway, "echo")
        world.clock.pass_seconds(11)
        advance(world.gateway, "echo")

    status = request_status(world.gateway, accepted.request.request_id)

    assert (status.status, status.error_type) == (RequestState.FAILED, "worker_lost")
    assert world.queue().running == {}
    assert world.queue().waiting == 0


def test_handed_back_requests_are_served_before_those_that_never_ran(world):
    first = world.join("w1")
    world.submit("first")
    world.submit("second")
    world.ends.gone.add(first.connection_id)

    second = world.join("w2")

    assert [r.input.prompt for r in world.handed(second)] == ["first"]


def test_late_progress_changes_nothing_and_tells_the_worker_to_stop(world):
    worker = world.join()
    accepted = world.submit()
    request = world.handed(worker)[0]
    commit_result(world.gateway, worker, answer_to(request, "the answer"))

    record_progress(world.gateway, worker, progress_of(request, 50.0))

    status = request_status(world.gateway, accepted.request.request_id)
    assert (status.status, status.progress) == (RequestState.COMPLETED, None)
    assert world.messages(worker, Cancel)[0].reason == "not_yours"


def test_progress_is_shown_with_percent_and_message(world):
    worker = world.join()
    accepted = world.submit()

    record_progress(
        world.gateway, worker, progress_of(world.handed(worker)[0], 40.0, message="reading")
    )

    status = request_status(world.gateway, accepted.request.request_id)
    assert (status.progress.percent, status.progress.message) == (40.0, "reading")
    assert (status.status, status.worker_id) == (RequestState.IN_PROGRESS, "w1")


def test_a_poll_finds_a_free_slot_that_a_crashed_actor_left(world):
    """A submitter died between storing its request and handing it over."""
    worker = world.join()
    swap = world.gateway.spaces.swap

    class Crash(BaseException):
        pass

    def crash(before, after):
        raise Crash

    world.gateway.spaces.swap = crash
    with pytest.raises(Crash):
        world.submit("orphan", idempotency_key="k")
    world.gateway.spaces.swap = swap
    kept = world.gateway.requests.read("echo", 1)

    request_status(world.gateway, kept.request_id)

    assert [r.input.prompt for r in world.handed(worker)] == ["orphan"]


def test_who_only_fetches_the_result_settles_what_is_overdue_too(world):
    world.join()
    accepted = world.submit()
    world.clock.pass_seconds(121)

    result = request_result(world.gateway, accepted.request.request_id)

    assert (result.status, result.error_type) == (RequestState.TIMED_OUT, "timed_out")


def test_a_time_out_is_reported_and_told_once_though_its_swap_was_repeated(world):
    worker = world.join()
    world.submit()
    world.clock.pass_seconds(121)
    swap, conflicts = world.gateway.spaces.swap, []

    def swap_in_vain(before, after):
        world.gateway.spaces.swap = swap
        conflicts.append(after)
        raise SwapConflict

    world.gateway.spaces.swap = swap_in_vain
    advance(world.gateway, "echo")

    assert len(conflicts) == 1
    assert [name for name, _ in world.events].count("request_ended") == 1
    assert [stop.reason for stop in world.messages(worker, Cancel)] == ["timed_out"]
