"""Expected waits, and when a poll is worth its while."""

from typing import Final

from spaces.domain.queue.queue import Queue, Running

FIRST_POLL: Final = 0.85
"""Share of the expected time after which the first look is worth it."""
EARLY_POLL: Final = 1_000
EARLY_POLLS: Final = 2.0
"""Looks before that, after a second and then at three times the time passed: an answer may come
sooner than usual, and progress wants to be seen."""
LATER_POLLS: Final = 0.05
"""Share of the time passed between looks at what takes longer than expected."""
UNKNOWN_PACE_POLLS: Final = 0.2
"""The same before any request of the space was answered."""
SHORTEST_POLL: Final = 500
LONGEST_POLL: Final = 20_000
"""Bounds between two looks, in milliseconds; the longest keeps progress and position fresh."""


def expected_wait(queue: Queue, position: int, now: int) -> int | None:
    """Return the milliseconds until a request at this position starts; None if nobody can tell."""
    slots = queue.slots()
    if slots == 0:
        return None
    if queue.free_slots() > position:
        return 0
    if queue.pace is None:
        return None
    ends = [
        max(0, running.since + queue.pace - now)
        for running in queue.running.values()
        if not running.prefetched and _is_ready(queue, running)
    ]
    soonest = min(ends, default=0)
    if soonest == 0:  # it takes longer than usual; how much longer, nobody knows
        return None
    return soonest + queue.pace * (position // slots)


def _is_ready(queue: Queue, running: Running) -> bool:
    place = queue.workers.get(running.worker_id)
    return place is not None and place.takes_requests


def next_poll(remaining: int | None, passed: int) -> int:
    """Return the milliseconds until it is worth asking for a status again.

    Args:
        remaining: expected time until the end; None if nobody can tell.
        passed: time since the request was accepted, or started if it runs.
    """
    if remaining is None:
        wait = UNKNOWN_PACE_POLLS * passed
    elif remaining > 0:
        wait = min(FIRST_POLL * remaining, max(EARLY_POLL, EARLY_POLLS * passed))
    else:
        wait = LATER_POLLS * passed
    return round(min(LONGEST_POLL, max(SHORTEST_POLL, wait)))
