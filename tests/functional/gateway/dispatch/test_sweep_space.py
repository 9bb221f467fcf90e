import pytest

from spaces.services.dispatch.sweep_space import sweep_space
from spaces.services.ports.gateway import PostOutcome
from spaces.services.requests.view_request import request_status
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.release_connection import release_connection
from spaces_protocol.gateway_messages import Cancel, Check
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import Progress
from tests.functional.gateway.world import answer_to


def fire_next(world) -> None:
    """Let time pass until the clock that was armed last fires, and sweep."""
    space, at = world.clocks.armed.pop()
    world.clock.time = max(world.clock.time, at)
    sweep_space(world.gateway, space, at)


def status_of(world, accepted):
    request_id = accepted.request.request_id
    request, _ = world.gateway.requests.read_with_queue(request_id, consistent=True)
    return request.ending.state if request.ending else None


def test_nothing_is_armed_while_nobody_waits(world):
    worker = world.join()
    world.register(worker)
    release_connection(world.gateway, worker)

    assert world.clocks.armed == []


def test_a_request_arms_one_clock_and_a_busy_space_uses_it_again(world):
    worker = world.join()
    for n in range(4):
        world.submit(f"prompt {n}")
    for n in range(3):
        world.clock.pass_seconds(5)
        commit_result(world.gateway, worker, answer_to(world.handed(worker)[n]))

    assert len(world.clocks.armed) == 1


def test_no_clock_is_armed_anew_once_all_is_done(world):
    worker = world.join()
    world.submit()
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    fire_next(world)

    assert world.clocks.armed == []


def test_a_waiting_request_that_nobody_polls_ends_in_time(world):
    world.create_space("short", queue_timeout=120_000)
    accepted = world.submit(space="short")
    start = world.clock()

    while status_of(world, accepted) is None:
        fire_next(world)

    assert status_of(world, accepted) is RequestState.TIMED_OUT
    assert world.clock() - start <= 180_000


def test_a_running_request_that_nobody_polls_ends_in_time_and_its_worker_is_told(world):
    worker = world.join()
    accepted = world.submit()
    request = world.handed(worker)[0]
    start = world.clock()

    while status_of(world, accepted) is None:
        while world.clock() < world.clocks.armed[-1][1]:
            world.clock.pass_seconds(10)
            progress = Progress(request_id=request.request_id, attempt=1)
            record_progress(world.gateway, worker, progress)
        fire_next(world)

    assert status_of(world, accepted) is RequestState.TIMED_OUT
    assert world.clock() - start <= 140_000
    assert world.messages(worker, Cancel)[0].reason == "timed_out"


def test_a_silent_worker_is_found_out_and_the_next_one_runs_its_request(world):
    world.create_space("pair", max_workers=2)
    first = world.join("w1", "pair")
    world.submit(space="pair")
    second = world.join("w2", "pair")
    start = world.clock()

    while not world.handed(second):
        fire_next(world)

    assert world.clock() - start <= 70_000
    assert len(world.messages(first, Check)) >= 1


def test_workers_that_are_not_ready_are_asked_while_work_waits(world):
    worker = world.join()
    world.submit("first")
    world.submit("second")
    for _ in range(3):
        fire_next(world)
    assert world.place("w1").state == "suspect"
    asked = len(world.messages(worker, Check))

    fire_next(world)

    assert len(world.messages(worker, Check)) == asked + 1


def test_a_clock_that_got_lost_is_replaced_at_the_next_touch(world):
    accepted = world.submit()
    world.clocks.armed.clear()
    world.clock.pass_seconds(60)

    world.submit("another")

    assert len(world.clocks.armed) == 1
    assert status_of(world, accepted) is None


def test_a_clock_is_armed_before_the_swap_that_records_it(world):
    swap, seen = world.gateway.spaces.swap, []

    def watch(before, after):
        seen.append((after.sweep_at, [at for _, at in world.clocks.armed]))
        return swap(before, after)

    world.gateway.spaces.swap = watch
    world.submit()

    ((recorded, armed),) = seen
    assert recorded in armed


def test_a_sweep_of_a_space_that_is_gone_does_nothing(world):
    sweep_space(world.gateway, "gone", world.clock())


def test_a_sweep_that_fails_says_so(world):
    """Lambda runs it again only if it raises."""
    world.submit()

    def fail(space_id, **_options):
        raise RuntimeError("throttled")

    world.gateway.spaces.read_queue = fail
    with pytest.raises(RuntimeError):
        fire_next(world)


def test_an_abandoned_ticket_is_buried_by_the_sweep(world):
    world.gateway.spaces.issue_ticket("echo")
    accepted = world.submit()

    fire_next(world)

    assert world.queue().position(accepted.request.ticket) == 0
    assert request_status(world.gateway, accepted.request.request_id).queue_position == 0


def test_a_worker_that_could_not_be_cut_off_stays_and_is_asked_by_each_sweep(world):
    """A false 410, and then the connection could not be closed either."""
    worker = world.join()
    world.ends.post = lambda connection_id, message: PostOutcome.GONE
    world.ends.unavailable.add(worker.connection_id)
    world.submit()
    assert world.place("w1").state == "suspect"
    del world.ends.post
    world.ends.unavailable.clear()

    space, at = world.clocks.armed[-1]
    world.clock.time = at
    sweep_space(world.gateway, space, at)

    assert isinstance(world.messages(worker)[-1], Check)
