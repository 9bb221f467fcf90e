import os

import msgspec
import pytest

from spaces.domain.errors import NotAllowed, RequestNotFound
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.gateway_messages import Ack, Cancel, Request
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import InFlight, Progress, Result
from tests.functional.gateway.world import answer_to, lose_lease


def result_of(world, accepted):
    return request_result(world.gateway, accepted.request.request_id)


def test_a_result_is_stored_with_all_that_the_worker_said(world):
    worker = world.join()
    accepted = world.submit("q")
    world.clock.pass_seconds(2)

    commit_result(
        world.gateway,
        worker,
        answer_to(
            world.handed(worker)[0],
            "an answer",
            confidence=0.9,
            model="tiny",
            usage={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
            inference_time=1.5,
        ),
    )

    result = result_of(world, accepted)
    assert result.status is RequestState.COMPLETED
    assert result.output.text == "an answer"
    assert (result.confidence, result.model, result.usage.total_tokens) == (0.9, "tiny", 3)
    assert result.metrics.inference_time == 1.5
    assert result.metrics.queue_time == 0
    assert (result.times.ended_at - result.times.started_at).total_seconds() == 2
    assert (result.input.prompt, result.input.params, result.input.files) == ("q", {}, [])


def test_acknowledgement_and_next_request_share_one_message(world):
    worker = world.join()
    world.submit("first")
    second = world.submit("second")

    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    (ack,) = world.messages(worker, Ack)
    assert (ack.status, ack.next.request_id) == ("stored", str(second.request.request_id))
    assert len(world.messages(worker, Request)) == 1


def test_a_repeated_result_changes_nothing_and_is_acknowledged_again(world):
    worker = world.join()
    accepted = world.submit()
    request = world.handed(worker)[0]
    commit_result(world.gateway, worker, answer_to(request, "one"))
    version = world.queue().version
    world.clock.pass_seconds(5)

    commit_result(world.gateway, worker, answer_to(request, "two"))

    assert [ack.status for ack in world.messages(worker, Ack)] == ["stored", "stored"]
    assert result_of(world, accepted).output.text == "one"
    assert world.queue().version == version


@pytest.mark.parametrize("size", [10, 5_000, 40_000])
def test_results_of_every_size_come_back_unharmed(world, size):
    worker = world.join()
    accepted = world.submit()
    text = os.urandom(size // 2).hex()

    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0], text))

    assert result_of(world, accepted).output.text == text
    assert request_status(world.gateway, accepted.request.request_id).status == "COMPLETED"


def test_a_failure_is_never_completed(world):
    worker = world.join()
    accepted = world.submit()
    error = {"message": "The picture is too dark.", "type": "bad_picture"}

    commit_result(
        world.gateway,
        worker,
        answer_to(world.handed(worker)[0], status="failed", error=error, output=None),
    )

    result = result_of(world, accepted)
    assert (result.status, result.error) == (RequestState.FAILED, "The picture is too dark.")
    assert result.error_type == "bad_picture"


def test_a_worker_cannot_answer_for_a_space_outside_its_token(world):
    world.create_space("other")
    insider = world.join("w1", "other")
    accepted = world.submit(space="other")
    request = world.handed(insider)[0]
    outsider = world.join("w2", "echo")

    with pytest.raises(NotAllowed):
        commit_result(world.gateway, outsider, answer_to(request))

    assert result_of(world, accepted).status is RequestState.IN_PROGRESS


@pytest.mark.parametrize("request_id", ["nonsense", "echo.1.AAAAAAAAAAAAAAAAAAAAAA"])
def test_a_result_for_no_request_is_told_to_be_forgotten(world, request_id):
    worker = world.join()
    world.submit()
    request = msgspec.structs.replace(world.handed(worker)[0], request_id=request_id)

    with pytest.raises(RequestNotFound):
        commit_result(world.gateway, worker, answer_to(request))

    assert len(world.queue().running) == 1


def test_a_result_that_was_written_before_a_crash_frees_its_slot_when_it_is_repeated(world):
    """The crash came between the write of the ending and the swap that drops the ticket."""
    worker = world.join()
    world.submit("first")
    second = world.submit("second")
    request = world.handed(worker)[0]
    swap = world.gateway.spaces.swap

    class Crash(BaseException):
        pass

    def crash(before, after):
        raise Crash

    world.gateway.spaces.swap = crash
    with pytest.raises(Crash):
        commit_result(world.gateway, worker, answer_to(request))
    world.gateway.spaces.swap = swap

    commit_result(world.gateway, worker, answer_to(request))

    assert [ack.status for ack in world.messages(worker, Ack)] == ["stored"]
    assert world.handed(worker)[-1].request_id == str(second.request.request_id)


def test_of_two_attempts_the_first_answer_wins(world):
    world.create_space("pair", max_workers=2)
    first = world.join("w1", "pair")
    accepted = world.submit(space="pair")
    slow = world.handed(first)[0]
    lose_lease(world, "pair")
    second = world.join("w2", "pair")
    retried = world.handed(second)[0]
    assert (retried.request_id, retried.attempt) == (slow.request_id, 2)

    commit_result(world.gateway, first, answer_to(slow, "from the first"))
    commit_result(world.gateway, second, answer_to(retried, "from the second"))

    assert result_of(world, accepted).output.text == "from the first"
    assert world.messages(first, Ack)[-1].status == "stored"
    assert world.messages(second, Ack)[-1].status == "superseded"
    assert world.queue("pair").running == {}


def test_a_failure_of_a_replaced_attempt_does_not_end_the_request(world):
    world.create_space("pair", max_workers=2)
    first = world.join("w1", "pair")
    accepted = world.submit(space="pair")
    slow = world.handed(first)[0]
    lose_lease(world, "pair")
    second = world.join("w2", "pair")

    commit_result(
        world.gateway, first, answer_to(slow, status="failed", error={"message": "shut down"})
    )
    commit_result(world.gateway, second, answer_to(world.handed(second)[0], "right"))

    assert world.messages(first, Ack)[-1].status == "superseded"
    assert result_of(world, accepted).output.text == "right"


def test_a_result_of_a_request_that_came_back_to_the_queue_still_counts(world):
    worker = world.join()
    accepted = world.submit()
    request = world.handed(worker)[0]
    lose_lease(world, "echo")
    assert world.queue().retry

    commit_result(world.gateway, worker, answer_to(request, "late but good"))

    assert result_of(world, accepted).output.text == "late but good"
    assert world.queue().waiting == 0
    assert world.place("w1").state == "ready"


def test_a_forged_attempt_neither_blocks_nor_ends_the_request_of_another(world):
    world.create_space("pair", max_workers=2)
    old = world.join("w1", "pair")
    accepted = world.submit(space="pair")
    request = world.handed(old)[0]
    lose_lease(world, "pair")
    holder = world.join("w2", "pair")

    record_progress(
        world.gateway, old, Progress(request_id=request.request_id, attempt=3000, percent=1.0)
    )
    failure = answer_to(
        msgspec.structs.replace(request, attempt=3000), status="failed", error={"message": "x"}
    )
    with pytest.raises(NotAllowed):
        commit_result(world.gateway, old, failure)
    record_progress(
        world.gateway, holder, Progress(request_id=request.request_id, attempt=2, percent=7.0)
    )

    status = request_status(world.gateway, accepted.request.request_id)
    assert (status.progress.percent, status.worker_id) == (7.0, "w2")
    assert world.messages(holder, Cancel) == []


def test_a_request_that_was_handed_to_nobody_cannot_be_answered(world):
    accepted = world.submit()
    stranger = world.connect("w9")
    guess = Result(request_id=str(accepted.request.request_id), attempt=1, status="completed")

    with pytest.raises(NotAllowed):
        commit_result(world.gateway, stranger, guess)

    assert world.queue().waiting == 1


def test_the_worker_of_a_newer_attempt_is_told_when_an_older_one_wins(world):
    world.create_space("pair", max_workers=2)
    first = world.join("w1", "pair")
    world.submit(space="pair")
    slow = world.handed(first)[0]
    lose_lease(world, "pair")
    second = world.join("w2", "pair")

    commit_result(world.gateway, first, answer_to(slow))

    (stop,) = world.messages(second, Cancel)
    assert (stop.attempt, stop.reason) == (2, "already_ended")


def test_a_failure_teaches_no_pace(world):
    worker = world.join()
    world.submit()
    error = {"message": "at once"}

    commit_result(
        world.gateway, worker, answer_to(world.handed(worker)[0], status="failed", error=error)
    )

    assert world.queue().pace is None


def test_an_answer_that_is_ready_when_its_worker_comes_back_late_counts(world):
    """The worker's line was cut for longer than the rest of the request's time."""
    old = world.join()
    accepted = world.submit()
    request = world.handed(old)[0]
    lose_lease(world, "echo")
    world.clock.pass_seconds(100)

    back = world.connect("w1")
    held = InFlight(request_id=request.request_id, attempt=1)
    world.register(back, in_flight=[held])
    commit_result(world.gateway, back, answer_to(request, "ready long ago"))

    result = request_result(world.gateway, accepted.request.request_id)
    assert (result.status, result.output.text) == ("COMPLETED", "ready long ago")
