"""Tracks requests: which are held, which are answered, which are cancelled."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from spaces_protocol.errors import ErrorType
from spaces_protocol.gateway_messages import Ack, Cancel, ErrorReply, Request
from spaces_protocol.worker_messages import InFlight, WorkerFailure
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._log import RequestLog, wing_logger
from spaces_worker._session.effects import RunEffect
from spaces_worker._session.held_requests import HeldRequests
from spaces_worker._session.outbox import Outbox
from spaces_worker._session.slot_sharing import SlotSharing

MAX_REMEMBERED: Final = 256
"""Number of requests whose cancelled attempts are remembered; the oldest are forgotten first."""

_UNREADABLE_RESULT: Final = frozenset(
    {ErrorType.MALFORMED_MESSAGE, ErrorType.MESSAGE_TOO_LARGE, ErrorType.INVALID_INPUT}
)
_FORGET: Final = frozenset({ErrorType.REQUEST_NOT_FOUND, ErrorType.NOT_ALLOWED})
_RESULT: Final = str(ResultMessage.__struct_config__.tag)
_NOT_ACCEPTED: Final = "The worker's answer could not be delivered."
_logger: Final = wing_logger(__name__)


class RequestTracker:
    """Decides what a message about a request means, given the state of that request in this worker.

    Messages can arrive twice, late and out of order, so each is judged by its attempt.
    """

    def __init__(self, capacity: int, spaces: Sequence[str], caps: Mapping[str, int]) -> None:
        self.held = HeldRequests(capacity)
        self.slots = SlotSharing(capacity, spaces, caps, self.held)
        self.outbox = Outbox()
        self._cancelled = _RecentAttempts()
        self._effects: list[RunEffect] = []

    def receive(self, request: Request, now: float) -> None:
        """Hold a request, unless it is a copy of a held, answered or cancelled one."""
        held = self.held.get(request.request_id)
        if held is not None:
            if request.attempt > held.request.attempt:
                held.at_attempt(request)
        elif self._cancelled.covers(request.request_id, request.attempt):
            RequestLog(_logger, request.request_id).debug("cancelled before it arrived.")
        elif self.outbox.answer_again(request.request_id, request.attempt, now):
            RequestLog(_logger, request.request_id).debug("answered before.")
        elif self.slots.accepts(request):
            self.held.add(request, now)

    def end(self, run: int, result: ResultMessage | None, now: float) -> None:
        """Process the end of a run; its result is sent with the attempt that is now current."""
        held = self.held.end(run)
        if held is None:
            return
        if result is not None:
            attempt = held.request.attempt
            self.outbox.put(msgspec.structs.replace(result, attempt=attempt), now)
        # Prefetched requests start first, so that the slots sent for their space count them.
        self._effects += self.held.start_ready()
        self.slots.freed(held.request, now, answered=result is not None)

    def acknowledged(self, ack: Ack, now: float) -> None:
        """Process an ``ack``, which may carry the next request."""
        if self.outbox.acknowledge(ack.request_id) and ack.status == "superseded":
            RequestLog(_logger, ack.request_id).info("already ended without this result.")
        if ack.next is not None:
            self.receive(ack.next, now)
        self.slots.acknowledged(ack.request_id, now)

    def cancel(self, cancel: Cancel, now: float) -> None:
        """Stop a request, even if it arrives only after this message."""
        self._cancelled.note(cancel.request_id, cancel.attempt)
        self.abandon(cancel.request_id, cancel.attempt, cancel.reason, now)

    def abandon(self, request_id: str, attempt: int, reason: str, now: float) -> None:
        """Stop a request at an attempt; a finished result stays until it is acknowledged."""
        held = self.held.get(request_id)
        if held is not None and attempt >= held.request.attempt:
            self._stop(request_id, reason, now)

    def resume(self, resumed: InFlight) -> None:
        """Continue a request at the attempt that the gateway now counts."""
        held = self.held.get(resumed.request_id)
        if held is not None and resumed.attempt > held.request.attempt:
            held.at_attempt(msgspec.structs.replace(held.request, attempt=resumed.attempt))

    def refused(self, request_id: str, error: ErrorReply, now: float) -> None:
        """Process a rejected message about a request; repeating its result would not help."""
        error_type = error.error_type
        if error_type == ErrorType.REQUEST_NOT_FOUND:
            self._stop(request_id, "the gateway does not know it", now)
        if error_type in _FORGET:
            self.outbox.drop(request_id)
            return
        result = self.outbox.get(request_id)
        of_result = error.about in (None, _RESULT)  # an older gateway does not send it
        if result is None or error_type not in _UNREADABLE_RESULT or not of_result:
            return
        self.outbox.drop(request_id)
        if result.status == "completed":
            self.outbox.put(failed_result(request_id, _NOT_ACCEPTED, result.attempt), now)

    def release_all(self) -> None:
        """Release all held requests, so that the gateway dispatches them to other workers."""
        self.slots.stop()
        for request in [held.request for held in self.held]:
            self._effects += self.held.stop(request.request_id, "handed back")
            self.slots.decline_at_stop(request)

    def _stop(self, request_id: str, reason: str, now: float) -> None:
        held = self.held.get(request_id)
        if held is not None:
            self._effects += self.held.stop(request_id, reason)
            self.slots.freed(held.request, now, answered=False)

    def in_flight(self) -> list[InFlight]:
        """Return the held requests and unacknowledged results, as listed in ``register``."""
        requests = [held.request for held in self.held]
        held = [InFlight(request_id=each.request_id, attempt=each.attempt) for each in requests]
        return held + self.outbox.in_flight()

    def take_run_effects(self) -> list[RunEffect]:
        """Return the pending run effects, in order."""
        taken = self._effects + self.held.start_ready()
        self._effects = []
        return taken


class _RecentAttempts:
    """Remembers the newest attempt of each request, for messages that overtake each other."""

    def __init__(self) -> None:
        self._attempts: OrderedDict[str, int] = OrderedDict()

    def note(self, request_id: str, attempt: int) -> None:
        """Remember an attempt of a request."""
        self._attempts[request_id] = max(attempt, self._attempts.get(request_id, 0))
        self._attempts.move_to_end(request_id)
        if len(self._attempts) > MAX_REMEMBERED:
            self._attempts.popitem(last=False)

    def covers(self, request_id: str, attempt: int) -> bool:
        """Return whether this attempt or a newer one was noted."""
        return attempt <= self._attempts.get(request_id, 0)


def failed_result(
    request_id: str, text: str, attempt: int = 1, kind: str = ErrorType.WORKER_ERROR
) -> ResultMessage:
    """Return a failed result that tells the user why there is no answer."""
    failure = WorkerFailure(message=text, type=str(kind))
    return ResultMessage(request_id=request_id, attempt=attempt, status="failed", error=failure)
