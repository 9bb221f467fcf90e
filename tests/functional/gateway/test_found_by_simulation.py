"""Faults that the simulation found, each with its shortest trace, over DynamoDB's rules."""

from spaces.services.advance import advance
from spaces.services.gateway import Delivery
from spaces.services.record_progress import record_progress
from spaces_protocol.worker_messages import Progress


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
    world.ends.post = lambda connection_id, message: Delivery.GONE

    advance(world.gateway, "echo")

    assert world.queue().workers == {}
    assert world.ends.closed == [worker.connection_id]
