"""What a poll shows, and what it settles."""

from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result, view_accepted
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.rest_bodies import RequestState
from tests.functional.gateway.world import answer_to


def test_a_poll_that_sees_an_older_queue_does_not_end_a_running_request(world):
    world.create_space("short", queue_timeout=60_000)
    accepted = world.submit(space="short")
    seen = world.gateway.requests.read_with_queue(accepted.request.request_id)
    world.clock.pass_seconds(59)
    worker = world.join("w1", "short")
    world.clock.pass_seconds(2)
    read = world.gateway.requests.read_with_queue

    def older(request_id, *, consistent=False):
        return read(request_id, consistent=True) if consistent else seen

    world.gateway.requests.read_with_queue = older
    status = request_status(world.gateway, accepted.request.request_id)

    assert status.status is RequestState.IN_PROGRESS
    assert len(world.handed(worker)) == 1


def test_requests_that_ended_waiting_do_not_fill_the_queue(world):
    world.create_space("small", queue_timeout=60_000, max_queue_length=10)
    for _ in range(7):
        accepted = [world.submit(space="small") for _ in range(10)]
        world.clock.pass_seconds(61)
        for each in accepted:
            request_status(world.gateway, each.request.request_id)

    assert world.queue("small").waiting == 0


def test_a_poll_is_told_to_come_back_soon_after_a_deadline(world):
    """Found by chaos: a request past its deadline was looked at ten seconds later."""
    world.join()
    accepted = world.submit()
    world.clock.pass_seconds(115)

    status = request_status(world.gateway, accepted.request.request_id)

    assert status.retry_after_ms <= 6_000


def test_the_polls_of_a_quick_model_come_soon(world):
    worker = world.join()
    for _ in range(2):
        accepted = world.submit()
        world.clock.pass_seconds(0.08)
        commit_result(world.gateway, worker, answer_to(world.handed(worker)[-1]))
    accepted = world.submit()
    first = view_accepted(accepted, world.clock()).retry_after_ms
    world.clock.pass_seconds(0.2)
    request_id = accepted.request.request_id

    assert first == 76  # when its 80 ms are nearly over
    assert request_status(world.gateway, request_id).retry_after_ms == 100
    assert request_result(world.gateway, request_id).retry_after_ms == 100
