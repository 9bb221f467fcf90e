"""The requests that this worker holds, in order of arrival, and which of them may run."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from spaces_protocol.gateway_messages import Request
from spaces_worker._orders import Order, Start, Stop
from spaces_worker._progress import Pace
from spaces_worker._text_stream import TextStream


@dataclass(slots=True)
class Held:
    """A request that waits here or runs."""

    run: int
    request: Request
    pace: Pace
    text: TextStream
    started: bool = False

    def at_attempt(self, request: Request) -> None:
        """Go on with it as that newer attempt."""
        self.request = request
        self.text.restart()


class HeldRequests:
    """Starts what is held in order of arrival and never more than ``capacity`` at once.

    A run that was told to stop keeps its slot until it has really ended: a function in a thread
    may take a while to notice.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: dict[str, Held] = {}
        self._stopping: set[int] = set()
        self._run_numbers = itertools.count(1)

    def __iter__(self) -> Iterator[Held]:
        """Iterate over what is held, in order of arrival."""
        return iter(self._held.values())

    def __len__(self) -> int:
        """Return how many requests are held."""
        return len(self._held)

    def get(self, request_id: str) -> Held | None:
        """Return the held request of that id."""
        return self._held.get(request_id)

    def of_run(self, run: int) -> Held | None:
        """Return the held request of that run; None if it was told to stop."""
        return next((held for held in self if held.run == run), None)

    def add(self, request: Request, now: float) -> None:
        """Hold a new request."""
        run = next(self._run_numbers)
        self._held[request.request_id] = Held(run, request, Pace(now), TextStream(now))

    def start_ready(self) -> list[Order]:
        """Mark as started, and return, what fits into the free slots."""
        used = len(self._stopping) + sum(held.started for held in self)
        waiting = [held for held in self if not held.started]
        ready = waiting[: max(0, self._capacity - used)]
        for held in ready:
            held.started = True
        return [Start(held.run, held.request) for held in ready]

    def stop(self, request_id: str, reason: str) -> list[Order]:
        """Let go of a request; the order says so to its run, if there is one."""
        held = self._held.pop(request_id)
        if not held.started:
            return []
        self._stopping.add(held.run)
        return [Stop(held.run, reason)]

    def end(self, run: int) -> Held | None:
        """Free the slot of a run that has ended; None if nobody waits for its answer."""
        self._stopping.discard(run)
        held = self.of_run(run)
        return held and self._held.pop(held.request.request_id)
