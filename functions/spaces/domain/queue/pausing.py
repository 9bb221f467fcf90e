"""A worker that an administrator wants to be handed nothing for a while."""

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue


def pause(queue: Queue, worker_id: str) -> Queue:
    """Hand the worker nothing new until `resume`; what it holds it finishes.

    It stays so when the worker registers again or comes back by another connection.
    """
    return _set(queue, worker_id, paused=True)


def resume(queue: Queue, worker_id: str) -> Queue:
    """Let the worker be handed requests again."""
    return _set(queue, worker_id, paused=False)


def _set(queue: Queue, worker_id: str, *, paused: bool) -> Queue:
    place = queue.workers.get(worker_id)
    if place is None or place.paused == paused:
        return queue
    workers = {**queue.workers, worker_id: replace(place, paused=paused)}
    return replace(queue, workers=workers)
