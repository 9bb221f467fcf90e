"""When a space must be touched again although nobody does: the one-shot clock."""

from typing import Final

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue, Running
from spaces.domain.timing import SECOND

EVERY: Final = 55 * SECOND
"""Longest time between two looks at a space that has work: about one sweep a minute."""
MARGIN: Final = 2 * SECOND
"""How long after a deadline the look comes, so that it finds it passed."""


def next_sweep(queue: Queue, now: int) -> int | None:
    """Return when the space must be looked at; None if nothing waits and nothing runs."""
    if not queue.running and queue.waiting <= 0:
        return None
    due = [_due(queue, running) + MARGIN for running in queue.running.values()]
    return max(now + SECOND, min([now + EVERY, *due]))


def _due(queue: Queue, running: Running) -> int:
    """Return when something is to be decided about a running request.

    A silent worker that is connected is found by the regular look; one that was asked, or is away,
    has a short time only.
    """
    place = queue.workers.get(running.worker_id)
    connected = place is not None and place.state in ("ready", "draining")
    if connected and not running.checked:
        return running.deadline
    return min(running.lease_until, running.deadline)


def is_armed(queue: Queue, needed: int, now: int) -> bool:
    """Tell whether a clock is armed that fires early enough; one of the past may have got lost."""
    return queue.sweep_at is not None and now < queue.sweep_at <= needed


def clear_timer(queue: Queue, fired_at: int) -> Queue:
    """Note that the clock has fired: nothing else will come of it."""
    if queue.sweep_at is None or queue.sweep_at > fired_at:
        return queue
    return replace(queue, sweep_at=None)
