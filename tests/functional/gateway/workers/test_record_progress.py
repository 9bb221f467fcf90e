"""What a progress message changes."""

from spaces.services.workers.record_progress import record_progress
from spaces_protocol.gateway_messages import Check
from spaces_protocol.worker_messages import Progress
from tests.functional.gateway.world import lose_lease


def test_a_silent_progress_of_a_request_taken_too_early_gives_it_back(world):
    worker = world.join()
    world.submit()
    request = world.handed(worker)[0]
    lose_lease(world, "echo")

    record_progress(world.gateway, worker, Progress(request_id=request.request_id, attempt=1))

    assert isinstance(world.messages(worker)[-1], Check)
