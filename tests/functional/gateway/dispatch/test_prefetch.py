import pytest

from spaces.services.dispatch.advance import advance
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.view_request import request_status
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.decline_request import decline_request
from spaces.services.workers.release_connection import release_connection
from spaces_protocol.gateway_messages import Ack, Cancel, Registered, Request
from spaces_protocol.worker_messages import InFlight
from tests.functional.gateway.world import answer_to, decline

SPACE = "fast"


@pytest.fixture
def fast(world):
    world.create_space(SPACE, prefetch=True, timeout=100_000)
    return world


def submit(world, count):
    return [world.submit(f"prompt {n}", SPACE).request for n in range(count)]


def status(world, request):
    return request_status(world.gateway, request.request_id)


def test_the_worker_is_told_that_it_gets_one_request_more(fast):
    worker = fast.join("w1", SPACE)

    (registered,) = fast.messages(worker, Registered)
    assert registered.accepted[0].prefetch == 1


def test_one_request_beyond_its_capacity_is_handed_over_and_marked(fast):
    worker = fast.join("w1", SPACE, capacity=2)
    submit(fast, 4)

    assert [request.prefetched for request in fast.handed(worker)] == [False, False, True]


def test_what_is_handed_over_early_is_shown_as_waiting(fast):
    fast.join("w1", SPACE)
    _, early, third = submit(fast, 3)

    assert [status(fast, r).queue_position for r in (early, third)] == [0, 1]
    assert (status(fast, early).status, status(fast, early).attempt) == ("IN_QUEUE", None)
    view = view_space(fast.gateway, SPACE)
    assert (view.running, view.queue_length) == (1, 2)


def test_the_early_one_counts_as_started_when_the_one_before_it_leaves(fast):
    worker = fast.join("w1", SPACE)
    submit(fast, 3)
    fast.clock.pass_seconds(30)

    commit_result(fast.gateway, worker, answer_to(fast.handed(worker)[0]))

    queue = fast.queue(SPACE)
    assert (queue.running[2].prefetched, queue.running[2].since) == (False, fast.clock())
    assert queue.running[2].deadline == fast.clock() + 100_000
    (ack,) = fast.messages(worker, Ack)
    assert (ack.next.prefetched, queue.prefetched) == (True, [3])


def test_it_has_its_whole_time_though_the_one_before_it_took_all_of_its_own(fast):
    worker = fast.join("w1", SPACE)
    first, second = submit(fast, 2)
    for _ in range(12):
        fast.clock.pass_seconds(9)
        held = [InFlight(request_id=str(r.request_id), attempt=1) for r in (first, second)]
        fast.register(worker, in_flight=held)

    assert status(fast, first).status == "TIMED_OUT"
    assert [m.reason for m in fast.messages(worker, Cancel)] == ["timed_out"]
    started = fast.queue(SPACE).running[2]
    assert (started.prefetched, started.deadline - started.since) == (False, 100_000)


def test_a_lost_early_one_was_not_lost_in_running(fast):
    worker = fast.join("w1", SPACE)
    submit(fast, 2)
    release_connection(fast.gateway, worker)
    fast.clock.pass_seconds(21)

    advance(fast.gateway, SPACE)

    assert [(back.ticket, back.losses) for back in fast.queue(SPACE).retry] == [(1, 1), (2, 0)]


def test_a_worker_that_comes_back_late_takes_both_up_again_as_they_were(fast):
    worker = fast.join("w1", SPACE)
    requests = submit(fast, 2)
    release_connection(fast.gateway, worker)
    fast.clock.pass_seconds(21)
    advance(fast.gateway, SPACE)

    back = fast.connect("w1", SPACE)
    held = [InFlight(request_id=str(r.request_id), attempt=1) for r in requests]
    fast.register(back, in_flight=held)

    running = fast.queue(SPACE).running
    assert [running[ticket].prefetched for ticket in (1, 2)] == [False, True]
    assert len(fast.messages(back, Registered)[0].resume) == 2
    assert fast.handed(back) == []


def test_an_early_one_that_never_arrived_is_posted_again_marked(fast):
    worker = fast.join("w1", SPACE)
    first, second = submit(fast, 2)

    held = [InFlight(request_id=str(first.request_id), attempt=1)]
    fast.register(worker, in_flight=held)

    last = fast.handed(worker)[-1]
    assert (last.request_id, last.attempt, last.prefetched) == (str(second.request_id), 1, True)


def test_a_cancelled_early_one_never_started(fast):
    worker = fast.join("w1", SPACE)
    _, early = submit(fast, 2)

    was_running = cancel_request(fast.gateway, early.request_id)

    assert was_running
    assert fast.messages(worker, Cancel)[0].request_id == str(early.request_id)
    assert status(fast, early).times.started_at is None


def test_a_decline_gives_back_the_early_one_too_so_that_it_cannot_start_first(fast):
    worker = fast.join("w1", SPACE)
    submit(fast, 2)

    decline_request(fast.gateway, worker, decline(fast.handed(worker)[0], 0, 1))

    assert [back.ticket for back in fast.queue(SPACE).retry] == [1, 2]


def test_the_gone_worker_s_early_one_is_undeliverable_like_any(fast):
    worker = fast.join("w1", SPACE)
    submit(fast, 1)
    fast.ends.gone.add(worker.connection_id)
    submit(fast, 1)

    assert [(back.ticket, back.losses) for back in fast.queue(SPACE).retry] == [(2, 0)]


@pytest.mark.parametrize("settings", [{"prefetch": False}, {"prefetch": True, "max_workers": 2}])
def test_nothing_is_early_where_it_is_not_set_or_its_order_could_not_be_kept(world, settings):
    world.create_space(SPACE, **settings)
    worker = world.join("w1", SPACE)
    submit(world, 2)

    assert len(world.handed(worker)) == 1
    assert world.messages(worker, Registered)[0].accepted[0].prefetch == 0


def test_a_worker_of_several_spaces_gets_nothing_early(fast):
    worker = fast.join("w1", SPACE, "echo")
    submit(fast, 2)

    assert len(fast.messages(worker, Request)) == 1
