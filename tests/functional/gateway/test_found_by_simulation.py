"""Faults that the simulation found, each with its shortest trace, over DynamoDB's rules."""

from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.sweep_space import sweep_space
from spaces.services.ports.gateway import PostOutcome
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.gateway_messages import Check
from spaces_protocol.worker_messages import InFlight, Progress
from tests.functional.gateway.world import answer_to, lose_lease


def test_a_submit_that_takes_up_the_claim_of_a_dead_one_decides_on_the_state_as_it_is(world):
    """The claim was made after this submit had read the queue: its ticket was not in there."""
    load = world.gateway.spaces.load
    before = load("echo")
    store = world.gateway.requests.store

    class Crash(BaseException):
        pass

    def crash(request):
        raise Crash

    world.gateway.requests.store = crash
    try:
        world.submit("again", idempotency_key="k")
    except Crash:
        world.gateway.requests.store = store
    world.gateway.spaces.load = lambda space_id: before

    accepted = world.submit("again", idempotency_key="k")

    assert accepted.request.ticket == 1
    assert len(world.clocks.armed) == 1


def test_a_worker_whose_order_seemed_undeliverable_is_made_to_notice(world):
    """A post may answer 410 although the message arrived: then the worker must connect anew."""
    worker = world.join()
    world.submit()
    request = world.handed(worker)[0]
    world.clock.pass_seconds(100)
    record_progress(world.gateway, worker, Progress(request_id=request.request_id, attempt=1))
    world.clock.pass_seconds(21)
    world.ends.post = lambda connection_id, message: PostOutcome.GONE

    advance(world.gateway, "echo")

    assert world.queue().workers == {}
    assert world.ends.closed == [worker.connection_id]


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


def test_a_poll_is_told_to_come_back_soon_after_a_deadline(world):
    """Found by chaos: a request past its deadline was looked at ten seconds later."""
    world.join()
    accepted = world.submit()
    world.clock.pass_seconds(115)

    status = request_status(world.gateway, accepted.request.request_id)

    assert status.retry_after_ms <= 6_000


def test_a_worker_that_could_not_be_cut_off_stays_and_is_asked_by_each_sweep(world):
    """A false 410, and then the connection could not be closed either."""
    worker = world.join()
    world.ends.post = lambda connection_id, message: PostOutcome.GONE
    world.ends.unavailable.add(worker.connection_id)
    world.submit()
    assert world.queue().workers["w1"].state == "suspect"
    del world.ends.post
    world.ends.unavailable.clear()

    space, at = world.clocks.armed[-1]
    world.clock.time = at
    sweep_space(world.gateway, space, at)

    assert isinstance(world.messages(worker)[-1], Check)
