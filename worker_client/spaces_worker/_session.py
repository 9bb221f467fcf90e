"""The protocol state of a worker without any I/O: events go in, messages and orders come out."""

import logging
import math
import random
from collections.abc import Callable, Sequence
from typing import Final

from spaces_protocol.codec import UnreadableMessage, decode_gateway_message
from spaces_protocol.errors import ErrorType
from spaces_protocol.gateway_messages import (
    Ack,
    AnyGatewayMessage,
    Cancel,
    Check,
    DrainOrder,
    ErrorReply,
    Notice,
    Registered,
    Request,
)
from spaces_protocol.limits import LEASE_SECONDS, PING_SECONDS
from spaces_protocol.worker_messages import (
    AnyWorkerMessage,
    Chunk,
    Drain,
    Ping,
    Progress,
    Register,
    Result,
)
from spaces_worker._held_requests import Held
from spaces_worker._orders import FileOrder, Order
from spaces_worker._outbox import REPEAT_SECONDS
from spaces_worker._progress import ProgressPoint
from spaces_worker._registration import Registration
from spaces_worker._request_book import RequestBook

ACK_WAIT_SECONDS: Final = 30.0
"""How long a drained worker waits for the acknowledgements of its last results."""
MAX_IN_FLIGHT: Final = 200
"""Longest list that ``register`` may carry (see ``Register.in_flight``)."""

_logger: Final = logging.getLogger(__name__)


class Session:
    """One worker process as the gateway sees it, over any number of links.

    Time is a parameter of every event: seconds of a clock that never goes back. After each event,
    fetch ``take_orders``, ``take_file_orders`` and ``take_messages``; call ``tick`` at ``wake_at``
    at the latest.
    """

    def __init__(
        self,
        *,
        spaces: Sequence[str],
        session_id: str,
        capacity: int = 1,
        agent: str = "",
        random_unit: Callable[[], float] = random.random,
    ) -> None:
        self._spaces = list(spaces)
        self._session_id = session_id
        self._capacity = capacity
        self._agent = agent
        self._linked = False
        self._registered_here = False
        self._draining = False
        self._idle_since = 0.0
        self._sent_at = 0.0
        self._ping_seconds = float(PING_SECONDS)
        self._lease_seconds = float(LEASE_SECONDS)
        self._registration = Registration(random_unit)
        self._book = RequestBook(capacity)
        self._messages: list[AnyWorkerMessage] = []

    # -- what happened to the link ---------------------------------------------------------------

    def opened(self, now: float) -> None:
        """A link is open: introduce this worker, with what it still holds."""
        self._linked = True
        self._registered_here = False
        self._sent_at = now
        for held in self._book.held:
            held.pace.since = now
            held.text.relinked(now)
        if self._draining and not self._book.held:
            # Nothing but answers to deliver: a place would only attract new requests.
            self._registration.not_needed()
            self._book.outbox.restart(now)
        else:
            self._registration.ask(now)
            self._book.outbox.restart(now + REPEAT_SECONDS)
        self.tick(now)

    def lost(self) -> None:
        """The link is gone; what was not sent yet is planned anew with the next one."""
        self._linked = False
        self._messages.clear()

    def received(self, text: str | bytes, now: float) -> None:
        """A message of the gateway arrived; one that cannot be read changes nothing."""
        try:
            message = decode_gateway_message(text)
        except (UnreadableMessage, RecursionError) as error:
            _logger.warning("Ignored a message of the gateway: %s", error)
            return
        self._handle(message, now)
        self.tick(now)

    # -- what happened in this process -----------------------------------------------------------

    def progressed(self, run: int, point: ProgressPoint, now: float) -> None:
        """The function of a run told its progress."""
        held = self._book.held.of_run(run)
        if held is not None:
            held.pace.tell(point)
            self.tick(now)

    def streamed(self, run: int, text: str, now: float) -> None:
        """The function of a run produced a piece of its text."""
        held = self._book.held.of_run(run)
        if held is not None:
            held.text.add(text)
            self.tick(now)

    def ended(self, run: int, result: Result | None, now: float) -> None:
        """A run is over; ``result`` is None if it gave none. Its attempt is set here."""
        self._book.end(run, result, now)
        self._idle_since = now
        self.tick(now)

    def kept(self, result: Result, now: float) -> None:
        """A result is on disk, or cannot be: it may be sent."""
        self._book.outbox.kept(result, now)
        self.tick(now)

    def restore(self, result: Result, age: float, now: float) -> None:
        """Take a result that an earlier process left on disk ``age`` seconds ago.

        Call it for the older ones first, before the first link.
        """
        self._book.outbox.restore(result, age, now)

    def drain(self, now: float) -> None:
        """Take nothing new; finish what is held."""
        if self._draining:
            return
        self._draining = True
        self._idle_since = now
        self._send(Drain())

    def tick(self, now: float) -> None:
        """Send what is due."""
        if not self._linked:
            return
        if self._registration.due <= now:
            self._send(self._register())
            self._registration.sent(now)
        for result in self._book.outbox.take_due(now):
            self._send(result)
        for held in self._book.held:
            self._send_progress(held, now)
        if self._messages:
            self._sent_at = now
        elif now >= self._sent_at + self._ping_seconds:
            self._send(Ping())
            self._sent_at = now

    # -- what to do about it ---------------------------------------------------------------------

    def take_messages(self) -> list[AnyWorkerMessage]:
        """Return the messages to send now, in order."""
        taken, self._messages = self._messages, []
        return taken

    def take_orders(self) -> list[Order]:
        """Return what the runner must do now, in order."""
        return self._book.take_orders()

    def take_file_orders(self) -> list[FileOrder]:
        """Return what must be done on disk now, in order."""
        return self._book.outbox.take_file_orders()

    def wake_at(self) -> float:
        """Return when ``tick`` must be called at the latest; infinity if it need not."""
        ends = self._draining and not self._book.held
        drained = self._idle_since + ACK_WAIT_SECONDS if ends else math.inf
        if not self._linked:
            return drained
        return min(
            drained,
            self._registration.due,
            self._book.outbox.next_due(),
            self._sent_at + self._ping_seconds,
            *(self._due(held) for held in self._book.held),
        )

    def drained(self, now: float) -> bool:
        """Whether all is finished after ``drain``, or its last answers waited long enough."""
        if not self._draining or self._book.held:
            return False
        return not self._book.outbox or now >= self._idle_since + ACK_WAIT_SECONDS

    @property
    def unacknowledged(self) -> int:
        """How many results the gateway has not acknowledged."""
        return len(self._book.outbox)

    # -- messages of the gateway -----------------------------------------------------------------

    def _handle(self, message: AnyGatewayMessage, now: float) -> None:
        match message:
            case Request():
                self._book.take(message, now)
            case Ack():
                self._book.acknowledged(message, now)
            case Registered():
                self._registered(message, now)
            case Cancel():
                self._book.cancel(message)
            case Check():
                self._registration.ask(now)
            case ErrorReply():
                self._refused(message, now)
            case Notice():
                _logger.info("Notice from the administrator: %s", message.text)
            case DrainOrder():
                _logger.info("The administrator asked this worker to finish and leave.")
                self.drain(now)

    def _registered(self, answer: Registered, now: float) -> None:
        self._registration.answered(answer, now)
        self._ping_seconds = max(1.0, answer.ping_seconds)
        self._lease_seconds = max(1.0, answer.lease_seconds)
        for resumed in answer.resume:
            self._book.resume(resumed)
        for abandoned in answer.abandon:
            self._book.abandon(abandoned.request_id, abandoned.attempt, "no longer ours")
        if not self._registered_here:
            # Once a link: a gateway that answers each result with an error must not be chased.
            self._registered_here = True
            self._book.outbox.restart(now)
        if self._draining:
            self._send(Drain())

    def _refused(self, error: ErrorReply, now: float) -> None:
        """React to an error by its type; what it says is for the operator."""
        if error.error_type == ErrorType.NOT_REGISTERED:
            self._registration.ask_again(now)
        elif error.request_id is not None:
            _logger.warning("The gateway about %s: %s", error.request_id, error.detail)
            self._book.refused(error.request_id, error.error_type, now)
        else:
            self._registration.refused(error, now)

    # -- messages to the gateway -----------------------------------------------------------------

    def _send(self, message: AnyWorkerMessage) -> None:
        if self._linked:
            self._messages.append(message)

    def _register(self) -> Register:
        return Register(
            spaces=self._spaces,
            session=self._session_id,
            capacity=self._capacity,
            in_flight=self._book.in_flight()[:MAX_IN_FLIGHT],
            agent=self._agent,
        )

    def _due(self, held: Held) -> float:
        return min(held.pace.due(self._lease_seconds), held.text.due())

    def _send_progress(self, held: Held, now: float) -> None:
        while now >= self._due(held):
            self._send(_progress(held, held.text.take(now)))
            held.pace.sent(now)


def _progress(held: Held, chunk: Chunk | None) -> Progress:
    point = held.pace.point
    return Progress(
        request_id=held.request.request_id,
        attempt=held.request.attempt,
        percent=point.percent,
        step=point.step,
        total=point.total,
        message=point.message,
        chunk=chunk,
    )
