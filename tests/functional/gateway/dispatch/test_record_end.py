"""Every request leaves one line when it is accepted and one when it ends."""

from spaces.services.dispatch.advance import advance
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.worker_messages import Result, WorkerFailure
from tests.functional.gateway.world import answer_to


def lines(world, event):
    return [fields for name, fields in world.events if name == event]


def test_a_completed_request_says_how_long_it_waited_and_ran(world):
    first = world.submit()
    world.clock.pass_seconds(3)
    worker = world.join()
    world.clock.pass_seconds(5)

    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    (ended,) = lines(world, "request_ended")
    assert (ended["waited_ms"] // 1000, ended["ran_ms"] // 1000) == (3, 5)
    assert (ended["request_id"], ended["space"]) == (str(first.request.request_id), "echo")
    assert (ended["state"], ended["error_type"]) == ("COMPLETED", None)


def test_a_repeated_result_is_not_counted_again(world):
    worker = world.join()
    world.submit()
    answer = answer_to(world.handed(worker)[0])

    commit_result(world.gateway, worker, answer)
    commit_result(world.gateway, worker, answer)

    assert len(lines(world, "request_ended")) == 1


def test_each_way_to_end_is_told_apart(world):
    worker = world.join()
    failing, running_too_long = world.submit(), world.submit()
    handed = world.handed(worker)[0]
    failed = Result(
        request_id=handed.request_id,
        attempt=handed.attempt,
        status="failed",
        error=WorkerFailure(type="user_error", message="too dark"),
    )
    commit_result(world.gateway, worker, failed)
    world.clock.pass_seconds(121)
    advance(world.gateway, "echo")
    cancelled = world.submit()
    cancel_request(world.gateway, cancelled.request.request_id)

    ends = {each["request_id"]: each for each in lines(world, "request_ended")}
    told = [
        (
            ends[str(each.request.request_id)]["state"],
            ends[str(each.request.request_id)]["error_type"],
        )
        for each in (failing, running_too_long, cancelled)
    ]
    assert told == [("FAILED", "user_error"), ("TIMED_OUT", "timed_out"), ("CANCELLED", None)]


def test_what_was_never_started_has_no_times(world):
    accepted = world.submit()
    world.clock.pass_seconds(1)

    cancel_request(world.gateway, accepted.request.request_id)

    (ended,) = lines(world, "request_ended")
    assert {"waited_ms", "ran_ms"}.isdisjoint(ended)


def test_a_submit_says_how_many_wait_and_its_repetition_says_nothing(world):
    world.submit(idempotency_key="one")
    world.submit(idempotency_key="one")
    world.submit()

    assert [each["waiting"] for each in lines(world, "request_accepted")] == [1, 2]
