"""Pausing a worker: an administrator stops dispatches to it for a while."""

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue


def pause(queue: Queue, worker_id: str) -> Queue:
    """Dispatch nothing new to the worker until `resume`; it finishes what it holds.

    The pause outlasts a new registration and a new connection.
    """
    return _set(queue, worker_id, paused=True)


def resume(queue: Queue, worker_id: str) -> Queue:
    """Dispatch requests to the worker again."""
    return _set(queue, worker_id, paused=False)


def _set(queue: Queue, worker_id: str, *, paused: bool) -> Queue:
    place = queue.workers.get(worker_id)
    if place is None or place.paused == paused:
        return queue
    workers = {**queue.workers, worker_id: replace(place, paused=paused)}
    return replace(queue, workers=workers)
