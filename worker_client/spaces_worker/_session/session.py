"""The protocol state of a worker, without I/O: events go in, messages and effects come out."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from spaces_protocol.codec import UnreadableMessage, api_gateway_error, decode_gateway_message
from spaces_protocol.errors import ErrorType
from spaces_protocol.examples import Example
from spaces_protocol.gateway_messages import (
    Ack,
    AnyGatewayMessage,
    Cancel,
    Check,
    DrainCommand,
    ErrorReply,
    ExampleUploads,
    Notice,
    Offered,
    Registered,
    Request,
)
from spaces_protocol.limits import LEASE_SECONDS
from spaces_protocol.model_call import Endpoint
from spaces_protocol.worker_messages import (
    AnyWorkerMessage,
    Chunk,
    Drain,
    Ping,
    Progress,
    Register,
)
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._log import RequestLog, wing_logger
from spaces_worker._runtime.random_unit import random_unit
from spaces_worker._session.connection_timer import ConnectionTimer
from spaces_worker._session.effects import DiskEffect, RunEffect
from spaces_worker._session.held_requests import HeldRequest
from spaces_worker._session.outbox import REPEAT_SECONDS
from spaces_worker._session.piece import Piece
from spaces_worker._session.progress import ProgressPoint
from spaces_worker._session.registration import Registration
from spaces_worker._session.request_tracker import RequestTracker

UNDELIVERED_SECONDS: Final = (1.0, 3.0)
"""How soon results are repeated after API Gateway could not deliver a message."""
ACK_WAIT_SECONDS: Final = 30.0
"""How long a drained worker waits for its last results to be acknowledged."""
MAX_IN_FLIGHT: Final = 200
"""Maximum length of ``Register.in_flight``."""

_PER_CONNECTION: Final = (Registered, Offered, ErrorReply)
"""Messages that become void when their connection is replaced; its successor repeats them."""

_logger: Final = wing_logger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Session:
    """One worker process as the gateway sees it, over any number of connections.

    Time is a parameter of every event: seconds of a monotonic clock. After each event,
    fetch ``take_run_effects``, ``take_disk_effects`` and ``take_messages``; call ``tick`` at
    ``wake_at`` at the latest.

    Args:
        spaces: the spaces that it serves.
        session_id: random; new for each process.
        capacity: how many requests run at the same time, over all spaces.
        caps: lower limits of single spaces.
        params_schemas: JSON Schema of ``params``, by space.
        endpoints: endpoints of the OpenAI API that it serves, by space.
        examples: inputs to try each space with.
        agent: name and version of this program.
        random_unit: returns numbers from 0 to 1.
        wall_clock: returns the time of day.

    Attributes:
        files_url: what the gateway named as its host of files; None before that.
    """

    def __init__(
        self,
        *,
        spaces: Sequence[str],
        session_id: str,
        capacity: int = 1,
        caps: Mapping[str, int] | None = None,
        params_schemas: Mapping[str, dict[str, Any]] | None = None,
        endpoints: Mapping[str, Sequence[Endpoint]] | None = None,
        examples: Mapping[str, Sequence[Example]] | None = None,
        agent: str = "",
        random_unit: Callable[[], float] = random_unit,
        wall_clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._introduction = Register(
            spaces=list(spaces),
            session=session_id,
            capacity=capacity,
            agent=agent,
            params_schemas=dict(params_schemas or {}),
            endpoints={space: list(served) for space, served in (endpoints or {}).items()},
            examples={space: list(each) for space, each in (examples or {}).items() if each},
        )
        self.files_url: str | None = None
        self._draining = False
        self._idle_since = 0.0
        self._lease_seconds = float(LEASE_SECONDS)
        self._connection = ConnectionTimer(random_unit, wall_clock)
        self._registration = Registration(random_unit)
        self._tracker = RequestTracker(capacity, spaces, caps or {})
        self._messages: list[AnyWorkerMessage] = []
        self._example_uploads: list[ExampleUploads] = []
        self._random_unit = random_unit

    # -- events of the connection ----------------------------------------------------------------

    def opened(self, now: float) -> None:
        """Register on a new connection, which may replace another."""
        self._connection.opened(now)
        self._messages.clear()
        self._tracker.slots.reconnected()
        for held in self._tracker.held:
            held.pace.since = now
            held.text.reconnected(now)
        if self._draining and not self._tracker.held:
            # Only results are left to send; a place would only attract new requests.
            self._registration.not_needed()
            self._tracker.outbox.restart(now)
        else:
            self._registration.request_now(now)
            self._tracker.outbox.restart(now + REPEAT_SECONDS)
        self.tick(now)

    def lost(self) -> None:
        """Process the loss of the connection; unsent messages are planned again on the next one."""
        self._connection.open = False
        self._messages.clear()

    def received(self, text: str | bytes, now: float, *, former: bool = False) -> None:
        """Process a message of the gateway; an unreadable one changes nothing.

        API Gateway's own error means that it could not deliver some message, perhaps a result.

        Args:
            text: the message.
            now: the time.
            former: whether it arrived on a connection that has been replaced.
        """
        try:
            message = decode_gateway_message(text)
        except (UnreadableMessage, RecursionError) as error:
            refused = api_gateway_error(text)
            if refused is None:
                _logger.warning("Ignored a message from the gateway: %s", error)
            else:
                _logger.debug("API Gateway did not deliver a message: %s", refused)
                self._tracker.outbox.hasten(now + self._soon())
            return
        if not (former and isinstance(message, _PER_CONNECTION)):
            self._handle(message, now)
        self.tick(now)

    # -- events of this process ------------------------------------------------------------------

    def progressed(self, run: int, point: ProgressPoint, now: float) -> None:
        """Process progress that the function of a run reported."""
        held = self._tracker.held.of_run(run)
        if held is not None:
            held.pace.update(point)
            self.tick(now)

    def streamed(self, run: int, piece: Piece, now: float) -> None:
        """Process a piece that the function of a run streamed."""
        held = self._tracker.held.of_run(run)
        if held is not None:
            held.text.add(piece)
            self.tick(now)

    def ended(self, run: int, result: ResultMessage | None, now: float) -> None:
        """Process the end of a run, perhaps without a result, and set the result's attempt."""
        self._tracker.end(run, result, now)
        self._idle_since = now
        self.tick(now)

    def saved(self, result: ResultMessage, now: float) -> None:
        """Release a result for sending: it is on disk, or saving it failed."""
        self._tracker.outbox.saved(result, now)
        self.tick(now)

    def restore(self, result: ResultMessage, age: float, now: float) -> None:
        """Add a result that an earlier process left on disk ``age`` seconds ago.

        Call this for older results first, before the first connection.
        """
        self._tracker.outbox.restore(result, age, now)

    def examples_uploaded(self, now: float) -> None:
        """Register again, so that the gateway shows the examples whose files have arrived."""
        if not self._draining:
            self._registration.request_again(now)
            self.tick(now)

    def drain(self, now: float) -> None:
        """Accept no new requests; finish the held ones."""
        if self._draining:
            return
        self._draining = True
        self._idle_since = now
        self._tracker.slots.drain()
        self._send(Drain())

    def stop(self, now: float) -> None:
        """Release all held requests, so that other workers get them at once; accept no more."""
        self.drain(now)
        self._tracker.release_all()
        self.tick(now)

    def tick(self, now: float) -> None:
        """Plan the messages that are due."""
        if not self._connection.open:
            return
        if self._registration.due <= now:
            self._send(self._register())
            self._registration.sent(now)
        for result in self._tracker.outbox.take_due(now):
            self._send(self._tracker.slots.with_slots(result))
        self._share(now)
        for held in self._tracker.held:
            self._send_progress(held, now)
        if not self._messages and now >= self._connection.ping_due():
            self._send(Ping())
        if self._messages:
            self._connection.sent(now)

    def _soon(self) -> float:
        low, high = UNDELIVERED_SECONDS
        return low + (high - low) * self._random_unit()

    # -- outcome ----------------------------------------------------------------------------------

    def take_messages(self) -> list[AnyWorkerMessage]:
        """Return the messages to send now, in order."""
        taken, self._messages = self._messages, []
        return taken

    def take_run_effects(self) -> list[RunEffect]:
        """Return the effects for the runner, in order."""
        return self._tracker.take_run_effects()

    def take_disk_effects(self) -> list[DiskEffect]:
        """Return the effects for the disk, in order."""
        return self._tracker.outbox.take_disk_effects()

    def take_example_uploads(self) -> list[ExampleUploads]:
        """Return what the gateway asks for of the files of examples."""
        taken, self._example_uploads = self._example_uploads, []
        return taken

    def wake_at(self) -> float:
        """Return when ``tick`` must be called at the latest; infinity if it need not be."""
        ends = self._draining and not self._tracker.held
        drained = self._idle_since + ACK_WAIT_SECONDS if ends else math.inf
        if not self._connection.open:
            return drained
        return min(
            drained,
            self._registration.due,
            self._tracker.outbox.next_due(),
            self._tracker.slots.next_due(),
            self._connection.ping_due(),
            *(self._progress_due(held) for held in self._tracker.held),
        )

    def drained(self, now: float) -> bool:
        """Whether ``drain`` is complete, or the last results have waited long enough."""
        if not self._draining or self._tracker.held:
            return False
        return not self._tracker.outbox or now >= self._idle_since + ACK_WAIT_SECONDS

    @property
    def held(self) -> Iterable[HeldRequest]:
        """The held requests, in order of arrival."""
        return self._tracker.held

    @property
    def renew_at(self) -> float:
        """When to open the successor of the current connection; infinity if not yet known."""
        return self._connection.renew_at

    @property
    def unacknowledged(self) -> int:
        """The number of results that the gateway has not acknowledged."""
        return len(self._tracker.outbox)

    # -- messages of the gateway -----------------------------------------------------------------

    def _handle(self, message: AnyGatewayMessage, now: float) -> None:
        match message:
            case Request():
                self._tracker.receive(message, now)
            case Ack():
                self._tracker.acknowledged(message, now)
            case Registered():
                self._registered(message, now)
            case Cancel():
                self._tracker.cancel(message, now)
            case Offered():
                self._tracker.slots.offer_answered(message, now)
            case Check():
                self._registration.request_now(now)
            case ErrorReply():
                self._refused(message, now)
            case ExampleUploads():
                self._example_uploads.append(message)
            case Notice() | DrainCommand():  # pragma: no branch - these are all that there are
                self._administered(message, now)

    def _administered(self, message: Notice | DrainCommand, now: float) -> None:
        if isinstance(message, Notice):
            _logger.info("Notice from the administrator: %s", message.text)
            return
        _logger.info("The administrator asked this worker to finish and disconnect.")
        self.drain(now)

    def _registered(self, reply: Registered, now: float) -> None:
        self._registration.answered(reply, now)
        self.files_url = reply.files_url or self.files_url
        self._lease_seconds = max(1.0, reply.lease_seconds)
        timeouts = {space.space: space.timeout_seconds for space in reply.accepted}
        self._tracker.held.timeouts.update(timeouts)
        for resumed in reply.resume:
            self._tracker.resume(resumed)
        for abandoned in reply.abandon:
            self._tracker.abandon(abandoned.request_id, abandoned.attempt, "no longer ours", now)
        if self._connection.registered_with(reply, now):
            # Once per connection: do not flood a gateway that rejects every result.
            self._tracker.outbox.restart(now)
        self._tracker.slots.registered(timeouts, now)
        if self._draining:
            self._send(Drain())

    def _refused(self, error: ErrorReply, now: float) -> None:
        """React to an error by its type; its text is for the operator."""
        if error.error_type == ErrorType.NOT_REGISTERED:
            self._registration.request_again(now)
        elif error.request_id is not None:
            RequestLog(_logger, error.request_id).warning(
                "the gateway rejected a message: %s", error.detail
            )
            self._tracker.refused(error.request_id, error, now)
        else:
            self._registration.refused(error, now)

    # -- messages to the gateway -----------------------------------------------------------------

    def _send(self, message: AnyWorkerMessage) -> None:
        if self._connection.open:
            self._messages.append(message)

    def _register(self) -> Register:
        in_flight = self._tracker.in_flight()[:MAX_IN_FLIGHT]
        return msgspec.structs.replace(self._introduction, in_flight=in_flight)

    def _share(self, now: float) -> None:
        if self._connection.registered and not self._draining:
            self._tracker.slots.tick(now)
        for message in self._tracker.slots.take_messages():
            self._send(message)

    def _progress_due(self, held: HeldRequest) -> float:
        return min(held.pace.due(self._lease_seconds), held.text.due())

    def _send_progress(self, held: HeldRequest, now: float) -> None:
        while now >= self._progress_due(held):
            self._send(_progress(held, held.text.take(now)))
            held.pace.sent(now)


def _progress(held: HeldRequest, chunk: Chunk | None) -> Progress:
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
