"""The one-shot sweep timer: when a space must be swept even if nobody polls."""

from typing import Final

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue, Running
from spaces.domain.timing import SECOND

SWEEP_INTERVAL: Final = 55 * SECOND
"""Longest time between two sweeps of a space that has work: about one a minute."""
SHORTEST_LEAD: Final = 10 * SECOND
"""A timer is never armed for a time nearer than this: by the scheduler's clock it might be past."""
SCHEDULER_DELAY: Final = 60 * SECOND
"""How long after its time a one-shot schedule may be invoked."""
DEADLINE_MARGIN: Final = 2 * SECOND
"""How long after a deadline the sweep runs, so that the deadline has surely passed."""


def next_sweep(queue: Queue, now: int) -> int | None:
    """Return when the next sweep is needed; None if nothing waits and nothing runs."""
    if not queue.running and queue.waiting <= 0:
        return None
    due = [_due(queue, running) + DEADLINE_MARGIN for running in queue.running.values()]
    return max(now + SHORTEST_LEAD, min([now + SWEEP_INTERVAL, *due]))


def _due(queue: Queue, running: Running) -> int:
    """Return when a decision about a running request is due.

    The regular sweep finds a connected worker that is silent. One that was sent a check, or is
    away, has only a short time left.
    """
    place = queue.workers.get(running.holder)
    connected = place is not None and place.state in ("ready", "draining")
    if connected and not running.checked:
        return running.deadline
    return min(running.lease_until, running.deadline)


def is_armed(queue: Queue, needed: int, now: int) -> bool:
    """Tell whether an armed timer fires soon enough; one in the past may have been lost."""
    return queue.sweep_at is not None and now < queue.sweep_at <= needed


def has_timer(queue: Queue, now: int) -> bool:
    """Tell whether nothing needs a timer, or any recorded one is still to come."""
    if next_sweep(queue, now) is None:
        return True
    return queue.sweep_at is not None and now < queue.sweep_at


def clear_timer(queue: Queue, fired_at: int) -> Queue:
    """Record that the timer has fired."""
    if queue.sweep_at is None or queue.sweep_at > fired_at:
        return queue
    return replace(queue, sweep_at=None)
