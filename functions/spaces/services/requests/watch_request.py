"""Watches a request until it has ended: its status, and its text as it is written."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Final

from spaces.domain.errors import Busy
from spaces.domain.queue.queue import Queue
from spaces.domain.request import Request
from spaces.domain.timing import SECOND
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.stream_text import Cursor, new_text
from spaces.services.requests.view_request import current_attempt, settled_request, view_status
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import Partial, RequestState, RequestStatus

FIRST_PAUSE: Final = 50
"""Milliseconds between the first two looks."""
PAUSE_GROWTH: Final = 1.5
LONGEST_PAUSE: Final = 250
"""While the request runs: half of it is what a reader waits for text, which comes at most twice a
second."""
QUEUED_PAUSE: Final = 500
"""While it waits in its queue."""
SETTLE_INTERVAL: Final = 2 * SECOND
"""How often the queue of a running request is read, too: it has the deadlines and the attempt."""
BEAT: Final = 10 * SECOND
"""How often a silent stream shows that it is alive."""

Sleep = Callable[[float], None]
Guard = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Ended:
    """The request has ended.

    Attributes:
        request: The request.
        status: Its final status.
        after: Up to where its text was yielded; None if it has none.
    """

    request: Request
    status: RequestStatus
    after: Cursor | None


class Beat:
    """Nothing new for ten seconds."""


Event = RequestStatus | Partial | Beat | Ended


def watch_request(
    gateway: Gateway,
    request_id: RequestId,
    after: Cursor | None,
    *,
    sleep: Sleep,
    until: int,
    guard: Guard = nullcontext,
) -> Iterator[Event]:
    """Yield what changes of a request, until it has ended or the time is over.

    A look costs one read unit, or half of one if it reads the request alone, and half a unit or
    more per chunk of text that it finds.

    Args:
        gateway: Access to the outside.
        request_id: The id of the request.
        after: Where the reader stopped.
        sleep: Pauses for a number of seconds.
        until: When to stop, in milliseconds since 1970.
        guard: What each look but the first runs in; one that raises `Busy` there is made again.

    Raises:
        RequestNotFound, RequestExpired: As in `request_status`.
    """
    watch = _Watch(gateway, request_id, after, now=gateway.now())
    yield from watch.look()
    while not watch.ended and gateway.now() < until:
        sleep(watch.next_pause() / SECOND)
        with suppress(Busy), guard():  # the next look settles it
            yield from watch.look()


@dataclass
class _Watch:
    """What the reader has seen."""

    gateway: Gateway
    request_id: RequestId
    after: Cursor | None
    now: int
    ended: bool = False
    pause: float = FIRST_PAUSE
    shown: list[object] = field(default_factory=list)
    spoke_at: int = 0
    running_in: Queue | None = None
    settled_at: int = 0

    def next_pause(self) -> float:
        """Return the milliseconds until the next look."""
        longest = LONGEST_PAUSE if self.running_in else QUEUED_PAUSE
        pause, self.pause = self.pause, min(self.pause * PAUSE_GROWTH, longest)
        return min(pause, longest)

    def look(self) -> Iterator[Event]:
        """Yield what is new."""
        request, queue = self._request_alone() or self._settled_request()
        self.now = self.gateway.now()
        status = view_status(request, queue, self.now)
        self.running_in = queue if status.status is RequestState.IN_PROGRESS else None
        if (seen := _seen(status)) != self.shown and request.ending is None:
            self.shown, self.pause = seen, FIRST_PAUSE
            yield self._said(status)
        yield from self._texts(request, queue, status)
        if request.ending is not None:
            self.ended = True
            yield Ended(request, status, self.after)
        elif self.now - self.spoke_at >= BEAT:
            yield self._said(Beat())

    def _settled_request(self) -> tuple[Request, Queue]:
        self.settled_at = self.gateway.now()
        return settled_request(self.gateway, self.request_id)

    def _request_alone(self) -> tuple[Request, Queue] | None:
        """Read a running request without its queue; None if the queue has to be looked at, too."""
        queue = self.running_in
        if queue is None or self.gateway.now() - self.settled_at >= SETTLE_INTERVAL:
            return None
        wanted = self.request_id
        found = self.gateway.requests.read(
            wanted.space, wanted.ticket, with_input=False, consistent=False
        )
        if isinstance(found, Request) and found.ending is None:
            return found, queue
        return None

    def _texts(self, request: Request, queue: Queue, status: RequestStatus) -> Iterator[Event]:
        """Yield the text that is stored; all of it if no more can come."""
        if status.status is RequestState.IN_QUEUE:
            return
        attempt = current_attempt(request, queue)
        if request.ending is not None:
            attempt = request.ending.attempt or attempt
        while partial := self._new_text(request, attempt):
            self.after = Cursor.parse(partial.next_after)
            yield self._said(partial)

    def _new_text(self, request: Request, attempt: int) -> Partial | None:
        if request.ending is not None and attempt not in request.chunks:
            return None
        return new_text(self.gateway, request, attempt, self.after, with_chunks=True)

    def _said(self, event: Event) -> Event:
        self.spoke_at = self.now
        return event


def _seen(status: RequestStatus) -> list[object]:
    """Return what a reader would notice; the expected time alone changes with each look."""
    place = (status.status, status.queue_position, status.queue_reason)
    return [*place, status.progress, status.attempt, status.worker_id]
