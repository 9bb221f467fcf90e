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
    """A request that is waiting or running in this worker."""

    run: int
    request: Request
    pace: Pace
    text: TextStream
    started: bool = False

    @property
    def prefetched(self) -> bool:
        """Whether it was dispatched beyond the worker's slots and does not have a slot yet."""
        return self.request.prefetched and not self.started

    def at_attempt(self, request: Request) -> None:
        """Continue it as a newer attempt."""
        self.request = request
        self.text.restart()


class HeldRequests:
    """Starts held requests in order of arrival, at most ``capacity`` at once.

    A stopping run keeps its slot until it has ended, because a function in a thread may take a
    while to notice.

    Attributes:
        timeouts: time limit in seconds by space. It begins at the start of a run.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: dict[str, HeldRequest] = {}
        self._stopping: set[int] = set()
        self._run_ids = itertools.count(1)
        self.timeouts: dict[str, float] = {}

    def __iter__(self) -> Iterator[HeldRequest]:
        """Iterate over the held requests in order of arrival."""
        return iter(self._held.values())

    def __len__(self) -> int:
        """Return how many requests are held."""
        return len(self._held)

    def get(self, request_id: str) -> HeldRequest | None:
        """Return the held request with this id."""
        return self._held.get(request_id)

    def of_run(self, run: int) -> HeldRequest | None:
        """Return the held request of a run; None if it is being stopped."""
        return next((held for held in self if held.run == run), None)

    def count(self, space: str) -> int:
        """Return how many requests of a space are held, as the gateway counts them."""
        return sum(held.request.space == space and not held.prefetched for held in self)

    def add(self, request: Request, now: float) -> None:
        """Hold a new request."""
        run = next(self._run_ids)
        self._held[request.request_id] = HeldRequest(run, request, Pace(now), TextStream(now))

    def start_ready(self) -> list[RunEffect]:
        """Start as many requests as there are free slots, and return the effects."""
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
        limits = (self.timeouts.get(held.request.space), held.request.timeout_seconds)
        return min((each for each in limits if each is not None), default=None)

    def stop(self, request_id: str, reason: str) -> list[RunEffect]:
        """Release a request; return the effect that stops its run, if it has one."""
        held = self._held.pop(request_id)
        if not held.started:
            return []
        self._stopping.add(held.run)
        return [StopRun(held.run, reason)]

    def end(self, run: int) -> HeldRequest | None:
        """Free the slot of an ended run; return its request if the result is still wanted."""
        self._stopping.discard(run)
        held = self.of_run(run)
        return held and self._held.pop(held.request.request_id)
