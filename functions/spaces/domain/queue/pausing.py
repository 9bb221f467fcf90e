"""Pausing a worker: an administrator stops dispatches to it for a while."""

from msgspec.structs import replace

from spaces.domain.holder import Holder
from spaces.domain.queue.queue import Queue


def pause(queue: Queue, holder: Holder) -> Queue:
    """Dispatch nothing new to the worker until `resume`; it finishes what it holds.

    The pause outlasts a new registration and a new connection.
    """
    return _set(queue, holder, paused=True)


def resume(queue: Queue, holder: Holder) -> Queue:
    """Dispatch requests to the worker again."""
    return _set(queue, holder, paused=False)


def _set(queue: Queue, holder: Holder, *, paused: bool) -> Queue:
    place = queue.workers.get(holder)
    if place is None or place.paused == paused:
        return queue
    workers = {**queue.workers, holder: replace(place, paused=paused)}
    return replace(queue, workers=workers)
