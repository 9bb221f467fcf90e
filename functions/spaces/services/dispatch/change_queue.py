"""The only way to change a queue: read, decide, swap; after a conflict, start over."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from msgspec.structs import replace

from spaces.domain.errors import Busy
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.sweep_timer import SWEEP_INTERVAL, is_armed, next_sweep
from spaces.domain.space_names import unknown_space
from spaces.services.ports.gateway import ArmOutcome, Gateway, SwapConflict

MAX_TRIES: Final = 60

T = TypeVar("T")
Change = Callable[[Queue], Queue]


def change_queue(
    gateway: Gateway,
    space_id: str,
    decide: Callable[[Queue], tuple[Queue, T]],
    *,
    queue: Queue | None = None,
) -> tuple[Queue, T]:
    """Swap in the queue that ``decide`` returns.

    Args:
        gateway: Access to the outside.
        space_id: The space whose queue changes.
        decide: Returns the new queue and any product of the decision. It is called again with the
            latest state after each conflict, so it must look up again whatever it needs from
            outside. It may return the queue unchanged.
        queue: A state that was just read; saves the first read.

    Returns:
        The state after the swap, and the product of the decision that was swapped in.

    Raises:
        UnknownSpace: The space has no queue.
        Busy: The queue changed during every try.
    """
    for _ in range(MAX_TRIES):
        before = queue or read_queue(gateway, space_id)
        after, product = decide(before)
        after = _with_timer(gateway, after)
        if after == before:
            return before, product
        try:
            return gateway.spaces.swap(before, after), product
        except SwapConflict:
            queue = None
    raise Busy("The space is very busy. Try again in a second.", retry_after_seconds=1)


def apply_change(
    gateway: Gateway, space_id: str, change: Change, *, queue: Queue | None = None
) -> Queue:
    """Swap in a change that produces nothing else; see `change_queue`."""
    state, _ = change_queue(gateway, space_id, lambda before: (change(before), None), queue=queue)
    return state


def _with_timer(gateway: Gateway, queue: Queue) -> Queue:
    """Arm a sweep timer if work is left and none fires soon enough, whatever the workers do.

    The timer is armed before the swap that records it. A surplus timer costs one empty sweep; a
    recorded timer that does not exist could leave a request stuck.
    """
    now = gateway.now()
    needed = next_sweep(queue, now)
    if needed is None or is_armed(queue, needed, now):
        return queue
    armed_at = arm_timer(gateway, queue.space_id, needed, now)
    return queue if armed_at is None else replace(queue, sweep_at=armed_at)


def arm_timer(
    gateway: Gateway, space_id: str, needed: int, now: int, ticket: int | None = None
) -> int | None:
    """Arm a timer, later if the scheduler's clock is ahead; return its time.

    If none can be armed, start a sweep, which Lambda repeats until it has armed one. The queue then
    records no timer, so that everyone who changes it tries again.
    """
    for at in (needed, now + SWEEP_INTERVAL):
        outcome = gateway.timers.arm(space_id, at, ticket)
        if outcome is ArmOutcome.ARMED:
            return at
        if outcome is ArmOutcome.UNAVAILABLE:
            break
    started = gateway.timers.start_sweep(space_id, now, ticket=ticket)
    gateway.log_event("timer_not_armed", space=space_id, outcome=outcome.value, started=started)
    return None


def compose(changes: Iterable[Change]) -> Change:
    """Return one change that applies several in order."""

    def change_all(queue: Queue) -> Queue:
        for change in changes:
            queue = change(queue)
        return queue

    return change_all


def read_queue(gateway: Gateway, space_id: str) -> Queue:
    """Read the queue, strongly consistent.

    Raises:
        UnknownSpace: The space does not exist.
    """
    queue = gateway.spaces.read_queue(space_id)
    if queue is None:
        raise unknown_space(space_id)
    return queue
