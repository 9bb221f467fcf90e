"""Dispatch and delivery when something goes wrong."""

from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import PostOutcome
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.worker_messages import Progress


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


def test_a_worker_whose_message_seemed_undeliverable_is_made_to_notice(world):
    """A post may return 410 although the message arrived; the worker must then reconnect."""
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
