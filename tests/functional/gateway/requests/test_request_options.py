"""Limits and notes of a single request, from its submit to its end."""

import msgspec
import pytest

from spaces.domain.errors import IdempotencyKeyReused, InvalidInput
from spaces.domain.queue.queue import Running
from spaces.domain.request_options import RequestOptions
from spaces.services.administration.manage_requests import retry_request
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.sweep_space import sweep_space
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result, view_accepted
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.rest_bodies import RequestState
from tests.functional.gateway.world import answer_to

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OWN = RequestOptions(
    timeout=30_000, start_timeout=90_000, metadata={"order": "4711"}, traceparent=TRACE
)


def only(running):
    ((_, entry),) = running.items()
    return entry


def test_the_worker_is_told(world):
    worker = world.join()

    world.submit(options=OWN)

    (request,) = world.handed(worker)
    assert request.timeout_seconds == 30
    assert (request.deadline.timestamp() * 1000) - world.clock() == 30_000
    assert request.metadata == {"order": "4711"}
    assert request.traceparent == TRACE


def test_a_request_without_options_is_sent_as_before(world):
    worker = world.join()

    world.submit()

    (request,) = world.handed(worker)
    sent = msgspec.json.decode(msgspec.json.encode(request))
    assert not {"timeout_seconds", "metadata", "traceparent"} & sent.keys()
    assert only(world.queue().running).timeout is None


def test_its_deadlines_are_shown(world):
    accepted = world.submit(options=OWN)
    told = view_accepted(accepted, world.clock())
    waiting = request_status(world.gateway, accepted.request.request_id)
    world.join()
    running = request_status(world.gateway, accepted.request.request_id)

    assert told.deadline == waiting.deadline
    assert waiting.deadline.timestamp() * 1000 == accepted.request.created_at + 90_000
    assert running.deadline.timestamp() * 1000 == world.clock() + 30_000
    assert running.metadata == {"order": "4711"}


def test_it_ends_after_its_own_time(world):
    world.join()
    accepted = world.submit(options=OWN)
    world.clock.pass_seconds(30)

    result = request_result(world.gateway, accepted.request.request_id)

    assert (result.status, result.error_type) == (RequestState.TIMED_OUT, "timed_out")
    assert "30 seconds" in result.error
    assert result.metadata == {"order": "4711"}


def test_its_result_has_its_metadata(world):
    worker = world.join()
    accepted = world.submit(options=OWN)
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    result = request_result(world.gateway, accepted.request.request_id)

    assert (result.status, result.metadata) == (RequestState.COMPLETED, {"order": "4711"})


def test_it_ends_waiting_after_its_own_time(world):
    patient = world.submit()
    hurried = world.submit(options=OWN)
    ((space, at, ticket),) = world.clocks.own
    world.clock.time = at

    sweep_space(world.gateway, space, at, ticket=ticket)

    ending = request_result(world.gateway, hurried.request.request_id)
    assert at == hurried.request.created_at + 92_000
    assert (ending.status, ending.error_type) == (RequestState.TIMED_OUT, "queue_timed_out")
    assert request_status(world.gateway, patient.request.request_id).status == "IN_QUEUE"


def test_its_timer_is_at_least_ten_seconds_ahead(world):
    accepted = world.submit(options=RequestOptions(start_timeout=1_000))

    ((_, at, _),) = world.clocks.own

    assert at == accepted.request.created_at + 10_000


@pytest.mark.parametrize("options", [RequestOptions(), RequestOptions(start_timeout=3_600_000)])
def test_a_request_as_patient_as_its_space_needs_no_timer_of_its_own(world, options):
    world.submit(options=options)

    assert world.clocks.own == []


def test_a_request_that_starts_at_once_needs_no_timer_of_its_own(world):
    world.join()

    world.submit(options=OWN)

    assert world.clocks.own == []


def test_a_timer_that_fires_early_is_armed_again(world):
    world.submit()
    accepted = world.submit(options=OWN)
    world.clocks.own.clear()

    sweep_space(world.gateway, "echo", world.clock(), ticket=accepted.request.ticket)

    assert world.clocks.own == [("echo", world.clock() + 92_000, accepted.request.ticket)]


def test_the_sweep_of_a_request_that_is_gone_does_nothing(world):
    worker = world.join()
    accepted = world.submit(options=OWN)
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    sweep_space(world.gateway, "echo", world.clock(), ticket=accepted.request.ticket)
    sweep_space(world.gateway, "echo", world.clock(), ticket=99)

    assert world.clocks.own == []


@pytest.mark.parametrize(
    "options", [RequestOptions(timeout=120_001), RequestOptions(start_timeout=3_600_001)]
)
def test_a_limit_longer_than_that_of_the_space_is_refused(world, options):
    with pytest.raises(InvalidInput, match="this space allows at most"):
        world.submit(options=options)
    assert world.queue().tail == 0


def test_a_key_with_other_options_is_another_input(world):
    first = world.submit(idempotency_key="k", options=OWN)
    traced = msgspec.structs.replace(OWN, traceparent=None)

    assert world.submit(idempotency_key="k", options=traced).request.ticket == first.request.ticket
    with pytest.raises(IdempotencyKeyReused):
        world.submit(idempotency_key="k", options=RequestOptions(timeout=31_000))


def test_a_retry_by_an_administrator_keeps_them(world):
    worker = world.join()
    accepted = world.submit(options=OWN)
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    again = retry_request(world.gateway, accepted.request.request_id, "ada").request

    assert (again.timeout, again.start_timeout) == (30_000, 90_000)
    assert (again.metadata, again.traceparent) == ({"order": "4711"}, TRACE)


def test_a_dispatch_whose_deliverer_died_gets_its_own_time_at_the_lease(world):
    world.join()
    accepted = world.submit(options=OWN)
    queue = world.queue()
    forgotten = Running(*msgspec.to_builtins(only(queue.running))[:4], world.clock() + 120_000)
    running = {accepted.request.ticket: forgotten}
    world.gateway.spaces.swap(queue, msgspec.structs.replace(queue, running=running))
    world.clock.pass_seconds(21)

    advance(world.gateway, "echo")

    entry = only(world.queue().running)
    assert (entry.deadline - entry.since, entry.timeout) == (30_000, 30_000)


def test_what_a_traced_request_goes_through_is_logged(world):
    worker = world.join()
    accepted = world.submit(options=OWN)
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))
    world.submit()

    traced = [
        (name, fields["request_id"]) for name, fields in world.events if "traceparent" in fields
    ]
    request_id = str(accepted.request.request_id)
    assert traced == [
        ("request_delivered", request_id),
        ("request_accepted", request_id),
        ("request_ended", request_id),
    ]
