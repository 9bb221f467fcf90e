"""Expected waits, and when the next poll is worthwhile."""

from typing import Final

from spaces.domain.queue.queue import Queue, Running

FIRST_POLL: Final = 0.95
"""Share of the expected time after which the first poll is worthwhile."""
EARLY_POLL: Final = 1_000
EARLY_POLLS: Final = 1.0
EARLY_UNTIL: Final = 2_500
LONG_POLLS: Final = 2.0
"""Earlier polls: after a second, then each time the elapsed time has doubled, and after 2.5 s each
time it has tripled. A result may come much sooner than the pace says, for example after a first
request that loaded the model, and progress should be visible."""
LATER_POLLS: Final = 0.05
OVERDUE_POLL: Final = 100
"""Interval when it takes longer than expected: this share of the elapsed time, and not less than
these milliseconds."""
UNKNOWN_PACE_POLLS: Final = 0.2
"""The same before the space has completed any request."""
QUICK_POLLS: Final = 0.25
"""Shortest interval, as a share of the pace: a quick model is not kept waiting for its poll."""
QUICKEST_POLL: Final = 30
SHORTEST_POLL: Final = 500
"""Bounds of the shortest interval in milliseconds; the upper one applies if it is unknown."""
LONGEST_POLL: Final = 20_000
"""Longest interval; it keeps progress and position current."""


def expected_wait(queue: Queue, position: int, now: int) -> int | None:
    """Return the milliseconds until a request at this position starts; None if unknown."""
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
    if soonest == 0:  # it takes longer than usual, by an unknown amount
        return None
    return soonest + queue.pace * (position // slots)


def _is_ready(queue: Queue, running: Running) -> bool:
    place = queue.workers.get(running.holder)
    return place is not None and place.takes_requests


def shortest_poll(pace: int | None) -> int:
    """Return the shortest interval between two polls in a space with this pace, in milliseconds."""
    if pace is None:
        return SHORTEST_POLL
    return round(min(SHORTEST_POLL, max(QUICKEST_POLL, QUICK_POLLS * pace)))


def next_poll(remaining: int | None, elapsed: int, shortest: int = SHORTEST_POLL) -> int:
    """Return the milliseconds until the next poll of a status.

    Args:
        remaining: Expected time until the end; None if unknown.
        elapsed: Time since the request was accepted or, if it runs, started.
        shortest: The result is never shorter.
    """
    if remaining is None:
        wait = UNKNOWN_PACE_POLLS * elapsed
    elif remaining > 0:
        growth = EARLY_POLLS if elapsed < EARLY_UNTIL else LONG_POLLS
        wait = min(FIRST_POLL * remaining, max(EARLY_POLL, growth * elapsed))
    else:
        wait = max(OVERDUE_POLL, LATER_POLLS * elapsed)
    return round(min(LONGEST_POLL, max(shortest, wait)))
