"""Faults that a review found, each with the trace that showed it."""

import msgspec
import pytest

from spaces.domain.errors import NotAllowed
from spaces.services.ports.gateway import SwapConflict
from spaces.services.requests.view_request import request_status
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.gateway_messages import Cancel, Check, Registered, Request
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import Progress, Result
from tests.functional.gateway.world import answer_to, lose_lease


def forged(request, attempt):
    return msgspec.structs.replace(request, attempt=attempt)


def test_a_running_request_is_posted_again_after_its_queue_deadline(world):
    world.create_space("short", queue_timeout=60_000)
    worker = world.connect("w1", "short")
    accepted = world.submit(space="short")
    world.clock.pass_seconds(55)
    world.register(worker)
    world.clock.pass_seconds(8)

    world.register(worker)

    assert [r.attempt for r in world.messages(worker, Request)] == [1, 1]
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))
    status = request_status(world.gateway, accepted.request.request_id)
    assert status.status is RequestState.COMPLETED


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


def test_one_request_that_cannot_be_read_keeps_nobody_else_waiting(world):
    world.submit("broken")
    world.submit("sound")
    read = world.gateway.requests.read

    def fail_for_the_first(space_id, ticket, **options):
        if ticket == 1:
            raise ValueError("unreadable")
        return read(space_id, ticket, **options)

    world.gateway.requests.read = fail_for_the_first
    worker = world.join(capacity=2)

    assert [r.input.prompt for r in world.handed(worker)] == ["sound"]
    assert "delivery_failed" in [event for event, _ in world.events]


def test_a_stored_request_is_accepted_even_if_others_keep_changing_the_queue(world):
    def conflict(before, after):
        raise SwapConflict

    world.join()
    swap = world.gateway.spaces.swap
    world.gateway.spaces.swap = conflict
    accepted = world.submit()
    world.gateway.spaces.swap = swap

    status = request_status(world.gateway, accepted.request.request_id)
    assert status.status is RequestState.IN_PROGRESS


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
    failure = answer_to(forged(request, 3000), status="failed", error={"message": "x"})
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


def test_a_worker_with_another_token_does_not_take_a_live_worker_s_place_by_its_name(world):
    holder = world.join("w1")
    thief = world.connect("w1")._replace(token_id="another")

    world.register(thief)

    (answer,) = world.messages(thief, Registered)
    assert answer.rejected[0].reason == "duplicate_connection"
    assert world.queue().workers["w1"].connection_id == holder.connection_id
    world.ends.gone.add(holder.connection_id)
    world.register(thief)
    assert world.queue().workers["w1"].token_id == "another"


def test_a_failure_teaches_no_pace(world):
    worker = world.join()
    world.submit()
    error = {"message": "at once"}

    commit_result(
        world.gateway, worker, answer_to(world.handed(worker)[0], status="failed", error=error)
    )

    assert world.queue().pace is None


def test_a_silent_progress_of_a_request_taken_too_early_gives_it_back(world):
    worker = world.join()
    world.submit()
    request = world.handed(worker)[0]
    lose_lease(world, "echo")

    record_progress(world.gateway, worker, Progress(request_id=request.request_id, attempt=1))

    assert isinstance(world.messages(worker)[-1], Check)
