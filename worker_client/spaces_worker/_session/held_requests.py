"""The requests that this worker holds, in order of arrival, and which of them may run."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from spaces_protocol.gateway_messages import Request
from spaces_worker._session.effects import RunEffect, StartRun, StopRun
from spaces_worker._session.progress import Pace
from spaces_worker._session.text_stream import TextStream


@dataclass(slots=True)
class HeldRequest:
    """A request that waits here or runs."""

    run: int
    request: Request
    pace: Pace
    text: TextStream
    started: bool = False

    @property
    def prefetched(self) -> bool:
        """Whether it was handed over beyond the capacity, and has no slot yet."""
        return self.request.prefetched and not self.started

    def at_attempt(self, request: Request) -> None:
        """Go on with it as that newer attempt."""
        self.request = request
        self.text.restart()


class HeldRequests:
    """Starts what is held in order of arrival and never more than ``capacity`` at once.

    A run that was told to stop keeps its slot until it has really ended: a function in a thread
    may take a while to notice.

    Attributes:
        timeouts: seconds that a request may take, by space; what was handed over early is timed
            from its start.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: dict[str, HeldRequest] = {}
        self._stopping: set[int] = set()
        self._run_ids = itertools.count(1)
        self.timeouts: dict[str, float] = {}

    def __iter__(self) -> Iterator[HeldRequest]:
        """Iterate over what is held, in order of arrival."""
        return iter(self._held.values())

    def __len__(self) -> int:
        """Return how many requests are held."""
        return len(self._held)

    def get(self, request_id: str) -> HeldRequest | None:
        """Return the held request of that id."""
        return self._held.get(request_id)

    def of_run(self, run: int) -> HeldRequest | None:
        """Return the held request of that run; None if it was told to stop."""
        return next((held for held in self if held.run == run), None)

    def count(self, space: str) -> int:
        """Return how many of a space are held, as its gateway counts them."""
        return sum(held.request.space == space and not held.prefetched for held in self)

    def add(self, request: Request, now: float) -> None:
        """Hold a new request."""
        run = next(self._run_ids)
        self._held[request.request_id] = HeldRequest(run, request, Pace(now), TextStream(now))

    def start_ready(self) -> list[RunEffect]:
        """Mark as started, and return, what fits into the free slots."""
        used = len(self._stopping) + sum(held.started for held in self)
        waiting = sorted(
            (held for held in self if not held.started), key=lambda held: held.prefetched
        )
        ready = waiting[: max(0, self._capacity - used)]
        effects: list[RunEffect] = [
            StartRun(held.run, held.request, self._seconds(held)) for held in ready
        ]
        for held in ready:
            held.started = True
        return effects

    def _seconds(self, held: HeldRequest) -> float | None:
        return self.timeouts.get(held.request.space) if held.prefetched else None

    def stop(self, request_id: str, reason: str) -> list[RunEffect]:
        """Let go of a request; the order says so to its run, if there is one."""
        held = self._held.pop(request_id)
        if not held.started:
            return []
        self._stopping.add(held.run)
        return [StopRun(held.run, reason)]

    def end(self, run: int) -> HeldRequest | None:
        """Free the slot of a run that has ended; None if nobody waits for its answer."""
        self._stopping.discard(run)
        held = self.of_run(run)
        return held and self._held.pop(held.request.request_id)
