"""The one way to change a queue: read, decide, swap; after a conflict, from the start."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from msgspec.structs import replace

from spaces.domain.errors import Busy, UnknownSpace
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.sweep_timer import is_armed, next_sweep
from spaces.services.ports.gateway import Gateway, SwapConflict
from spaces_protocol.limits import SPACE_PATTERN

MAX_TRIES: Final = 60
SPACE_NAMES: Final = re.compile(SPACE_PATTERN)

Decide = Callable[[Queue], Queue]


def change_queue(
    gateway: Gateway, space_id: str, decide: Decide, *, queue: Queue | None = None
) -> Queue:
    """Swap in what ``decide`` makes of the queue, and return the state after it.

    Args:
        decide: called again with the newer state after each conflict, so all that it looks up
            outside is looked up again; it may return the queue unchanged.
        queue: a state that was just read, to save the first read.

    Raises:
        UnknownSpace: there is no such queue.
        Busy: it kept changing under our hands.
    """
    for _ in range(MAX_TRIES):
        before = queue or read_queue(gateway, space_id)
        after = _with_timer(gateway, decide(before))
        if after == before:
            return before
        try:
            return gateway.spaces.swap(before, after)
        except SwapConflict:
            queue = None
    raise Busy("The space is very busy. Try again in a second.", retry_after_seconds=1)


def _with_timer(gateway: Gateway, queue: Queue) -> Queue:
    """Arm a clock if work is left and none fires early enough, whatever state the workers are in.

    It is armed before the swap that records it: a clock too many costs one empty sweep, a
    recorded clock that does not exist would cost a stuck request.
    """
    now = gateway.now()
    needed = next_sweep(queue, now)
    if needed is None or is_armed(queue, needed, now):
        return queue
    gateway.timers.arm(queue.space_id, needed)
    return replace(queue, sweep_at=needed)


def compose(changes: Iterable[Decide]) -> Decide:
    """Return the change that applies each of several."""

    def decide(queue: Queue) -> Queue:
        for change in changes:
            queue = change(queue)
        return queue

    return decide


def read_queue(gateway: Gateway, space_id: str) -> Queue:
    """Read the queue as it is now.

    Raises:
        UnknownSpace: there is no such space.
    """
    queue = gateway.spaces.read_queue(space_id)
    if queue is None:
        raise unknown_space(space_id)
    return queue


def check_name(space_id: str) -> str:
    """Return a name if a space can have it.

    Raises:
        UnknownSpace: no space can.
    """
    if not SPACE_NAMES.match(space_id):
        raise unknown_space(space_id)
    return space_id


def unknown_space(space_id: str) -> UnknownSpace:
    """Return the error for a name that no space has."""
    return UnknownSpace(
        f"There is no space {space_id[:60]!r} that you may use. Sign in, or use an API key, if it "
        "is not public."
    )
