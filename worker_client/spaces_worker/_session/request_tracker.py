"""All that the worker knows of requests: what it holds, what it answered, what was cancelled."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from spaces_protocol.errors import ErrorType
from spaces_protocol.gateway_messages import Ack, Cancel, ErrorReply, Request
from spaces_protocol.worker_messages import InFlight, Result, WorkerFailure
from spaces_worker._log import about
from spaces_worker._session.effects import Order
from spaces_worker._session.held_requests import HeldRequests
from spaces_worker._session.outbox import Outbox
from spaces_worker._session.recent_attempts import RecentAttempts
from spaces_worker._session.slot_sharing import Shares

_UNREADABLE_RESULT: Final = frozenset(
    {ErrorType.MALFORMED_MESSAGE, ErrorType.MESSAGE_TOO_LARGE, ErrorType.INVALID_INPUT}
)
_FORGET: Final = frozenset({ErrorType.REQUEST_NOT_FOUND, ErrorType.NOT_ALLOWED})
_RESULT: Final = str(Result.__struct_config__.tag)
_NOT_ACCEPTED: Final = "The worker's answer could not be delivered."
_logger: Final = logging.getLogger(__name__)


class RequestBook:
    """Decides what a message about a request means, given what happened to that request here.

    Messages may come twice, late and in any order, so each is judged by its attempt.
    """

    def __init__(self, capacity: int, spaces: Sequence[str], caps: Mapping[str, int]) -> None:
        self.held = HeldRequests(capacity)
        self.shares = Shares(capacity, spaces, caps, self.held)
        self.outbox = Outbox()
        self._cancelled = RecentAttempts()
        self._orders: list[Order] = []

    def take(self, request: Request, now: float) -> None:
        """Hold a request, unless it is a copy of one that is held, answered or cancelled."""
        held = self.held.get(request.request_id)
        if held is not None:
            if request.attempt > held.request.attempt:
                held.at_attempt(request)
        elif self._cancelled.covers(request.request_id, request.attempt):
            _logger.debug(
                "Request %s was cancelled before it arrived.",
                request.request_id,
                extra=about(request.request_id),
            )
        elif self.outbox.answer_again(request.request_id, request.attempt, now):
            _logger.debug(
                "Request %s was answered before.",
                request.request_id,
                extra=about(request.request_id),
            )
        elif self.shares.accepts(request):
            self.held.add(request, now)

    def end(self, run: int, result: Result | None, now: float) -> None:
        """Note that a run is over; its result goes out with the attempt that is held now."""
        held = self.held.end(run)
        if held is None:
            return
        if result is not None:
            attempt = held.request.attempt
            self.outbox.put(msgspec.structs.replace(result, attempt=attempt), now)
        # What came early starts now, and counts as started in what is said of its space.
        self._orders += self.held.start_ready()
        self.shares.freed(held.request, now, answered=result is not None)

    def acknowledged(self, ack: Ack, now: float) -> None:
        """A result arrived; the next request may come with this news."""
        if self.outbox.acknowledge(ack.request_id) and ack.status == "superseded":
            _logger.info(
                "Request %s had already ended without this answer.",
                ack.request_id,
                extra=about(ack.request_id),
            )
        if ack.next is not None:
            self.take(ack.next, now)
        self.shares.acknowledged(ack.request_id, now)

    def cancel(self, cancel: Cancel, now: float) -> None:
        """Stop a request, also one that arrives only after this message."""
        self._cancelled.note(cancel.request_id, cancel.attempt)
        self.abandon(cancel.request_id, cancel.attempt, cancel.reason, now)

    def abandon(self, request_id: str, attempt: int, reason: str, now: float) -> None:
        """Stop a request at that attempt; a finished answer stays until it is acknowledged."""
        held = self.held.get(request_id)
        if held is not None and attempt >= held.request.attempt:
            self._stop(request_id, reason, now)

    def resume(self, resumed: InFlight) -> None:
        """Go on with a request, at the attempt that the gateway now counts."""
        held = self.held.get(resumed.request_id)
        if held is not None and resumed.attempt > held.request.attempt:
            held.at_attempt(msgspec.structs.replace(held.request, attempt=resumed.attempt))

    def refused(self, request_id: str, error: ErrorReply, now: float) -> None:
        """A message about a request was not accepted: repeating its result would not help."""
        error_type = error.error_type
        if error_type == ErrorType.REQUEST_NOT_FOUND:
            self._stop(request_id, "the gateway does not know it", now)
        if error_type in _FORGET:
            self.outbox.drop(request_id)
            return
        result = self.outbox.get(request_id)
        of_result = error.about in (None, _RESULT)  # an older gateway does not say it
        if result is None or error_type not in _UNREADABLE_RESULT or not of_result:
            return
        self.outbox.drop(request_id)
        if result.status == "completed":
            self.outbox.put(failed_result(request_id, _NOT_ACCEPTED, result.attempt), now)

    def hand_back(self) -> None:
        """Let go of all that is held; the gateway hands it to others."""
        self.shares.ending()
        for request in [held.request for held in self.held]:
            self._orders += self.held.stop(request.request_id, "handed back")
            self.shares.hand_back(request)

    def _stop(self, request_id: str, reason: str, now: float) -> None:
        held = self.held.get(request_id)
        if held is not None:
            self._orders += self.held.stop(request_id, reason)
            self.shares.freed(held.request, now, answered=False)

    def in_flight(self) -> list[InFlight]:
        """Return what is held or not acknowledged, as ``register`` lists it."""
        requests = [held.request for held in self.held]
        held = [InFlight(request_id=each.request_id, attempt=each.attempt) for each in requests]
        return held + self.outbox.in_flight()

    def take_orders(self) -> list[Order]:
        """Return what the runner must do now, in order."""
        taken = self._orders + self.held.start_ready()
        self._orders = []
        return taken


def failed_result(
    request_id: str, text: str, attempt: int = 1, kind: str = ErrorType.WORKER_ERROR
) -> Result:
    """Return the result that tells a user why there is no answer."""
    failure = WorkerFailure(message=text, type=str(kind))
    return Result(request_id=request_id, attempt=attempt, status="failed", error=failure)
