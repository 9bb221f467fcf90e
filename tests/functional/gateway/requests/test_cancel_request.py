import pytest

from spaces.domain.errors import AlreadyEnded, NoWorker, RequestNotFound
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.view_request import request_status
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.gateway_messages import Ack, Cancel
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import Progress
from tests.functional.gateway.world import answer_to


def test_a_waiting_request_leaves_the_queue_and_the_others_move_up(world):
    first, second = world.submit("first"), world.submit("second")

    assert cancel_request(world.gateway, first.request.request_id) is False

    assert request_status(world.gateway, second.request.request_id).queue_position == 0
    worker = world.join()
    assert [r.input.prompt for r in world.handed(worker)] == ["second"]


def test_a_running_request_is_stopped_and_the_next_one_starts(world):
    worker = world.join()
    first = world.submit("first")
    world.submit("second")

    assert cancel_request(world.gateway, first.request.request_id) is True

    (stop,) = world.messages(worker, Cancel)
    assert (stop.request_id, stop.reason) == (str(first.request.request_id), "cancelled")
    assert world.handed(worker)[-1].input.prompt == "second"
    status = request_status(world.gateway, first.request.request_id)
    assert status.status is RequestState.CANCELLED
    assert status.times.started_at is not None


def test_cancelling_twice_changes_nothing(world):
    accepted = world.submit()
    cancel_request(world.gateway, accepted.request.request_id)
    version = world.queue().version

    cancel_request(world.gateway, accepted.request.request_id)

    assert world.queue().version == version


def test_what_has_ended_cannot_be_cancelled(world):
    worker = world.join()
    accepted = world.submit()
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    with pytest.raises(AlreadyEnded, match="COMPLETED"):
        cancel_request(world.gateway, accepted.request.request_id)


def test_a_result_that_comes_after_the_cancel_is_superseded(world):
    worker = world.join()
    accepted = world.submit()
    request = world.handed(worker)[0]
    cancel_request(world.gateway, accepted.request.request_id)

    commit_result(world.gateway, worker, answer_to(request))

    assert world.messages(worker, Ack)[-1].status == "superseded"
    status = request_status(world.gateway, accepted.request.request_id)
    assert status.status is RequestState.CANCELLED


def test_a_cancel_that_got_lost_is_told_again_at_the_next_progress(world):
    worker = world.join()
    accepted = world.submit()
    request = world.handed(worker)[0]
    world.ends.unavailable.add(worker.connection_id)
    cancel_request(world.gateway, accepted.request.request_id)
    world.ends.unavailable.clear()

    record_progress(world.gateway, worker, Progress(request_id=request.request_id, attempt=1))

    assert world.messages(worker, Cancel)[0].reason == "not_yours"


def test_an_unknown_request_cannot_be_cancelled(world):
    with pytest.raises(RequestNotFound):
        cancel_request(world.gateway, RequestId("echo", 1, "A" * 22))


def test_a_space_may_refuse_while_no_worker_is_connected(world):
    world.create_space("strict", when_offline="refuse")

    with pytest.raises(NoWorker) as refusal:
        world.submit(space="strict")
    assert refusal.value.retry_after_seconds > 0
    assert world.queue("strict").tail == 0

    world.join("w1", "strict")
    assert world.submit(space="strict").request.ticket == 1
