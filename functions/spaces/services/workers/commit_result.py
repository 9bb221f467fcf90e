"""Stores a worker's result: writes the ending, drops the ticket, sends the next request."""

from msgspec import to_builtins

from spaces.domain.errors import NotAllowed, RequestNotFound
from spaces.domain.queue.places import set_state
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import complete, drop
from spaces.domain.queue.slot_offers import cap_slots
from spaces.domain.request import Ending
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.announce import announce
from spaces.services.dispatch.change_queue import Change, read_queue
from spaces.services.dispatch.record_end import record_end
from spaces.services.files.collect_output import Collected, collect_output
from spaces.services.ports.gateway import Gateway, PostOutcome, Sender, UpdateOutcome
from spaces.services.workers.sender_scope import request_in_scope, slot_offer
from spaces_protocol import gateway_messages as messages
from spaces_protocol.errors import ErrorType
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import Result

_STATES = {
    "completed": RequestState.COMPLETED,
    "failed": RequestState.FAILED,
    "cancelled": RequestState.CANCELLED,
}


def commit_result(gateway: Gateway, sender: Sender, result: Result) -> None:
    """Store a result unless its request has ended, acknowledge it, and send the next request.

    A repeated result is acknowledged again. If two attempts of a request are running, the first
    completed result wins; a failure of a replaced attempt does not count.

    Raises:
        NotAllowed: The request was not dispatched to the sender at this attempt.
        RequestNotFound: The request does not exist.
        WrongOutput: The result names a file that is missing or belongs to another request.
    """
    request_id = request_in_scope(sender, result.request_id)
    queue = read_queue(gateway, request_id.space)
    outcome, collected = _end_request(gateway, sender, queue, request_id, result)
    ack = _Acknowledgement(sender.connection_id, _ack(result, sender, outcome))
    if outcome.request is not None and outcome.request.ending is not None:
        _cancel_other_attempt(gateway, sender, queue, request_id)
        announced = announce(gateway, outcome.request)
        drop_ticket = _drop_ticket(gateway, sender, queue, request_id, result)
        change = drop_ticket if announced else _mark_ready(gateway, sender, result)
    else:
        change = _mark_ready(gateway, sender, result)
    advance(gateway, request_id.space, change, queue=queue, post=ack.post_with_next)
    ack.post_alone(gateway)
    if collected.copies:
        unused = collected.copies if outcome.stored else collected.copies.values()
        gateway.files.remove(list(unused))


class _Acknowledgement:
    """Sends the acknowledgement together with the next request if there is one."""

    def __init__(self, connection_id: str, ack: messages.Ack) -> None:
        self._connection_id = connection_id
        self._ack: messages.Ack | None = ack

    def post_with_next(
        self, gateway: Gateway, connection_id: str, message: messages.Request
    ) -> PostOutcome:
        if self._ack is None or connection_id != self._connection_id:
            return gateway.sockets.post(connection_id, message)
        ack, self._ack = self._ack, None
        with_next = messages.Ack(request_id=ack.request_id, status=ack.status, next=message)
        return gateway.sockets.post(connection_id, with_next)

    def post_alone(self, gateway: Gateway) -> None:
        if self._ack is not None:
            gateway.sockets.post(self._connection_id, self._ack)


def _end_request(
    gateway: Gateway, sender: Sender, queue: Queue, request_id: RequestId, result: Result
) -> tuple[UpdateOutcome, Collected]:
    """Write the ending if the sender may.

    It may if it was the last to be sent the request, or was sent it earlier and completed it.
    Nothing that the result names is looked at before that is known.
    """
    collected = Collected(result, {}, {})
    dispatch = (request_id.ticket, sender.holder, result.attempt)
    is_last, was_earlier = queue.is_last(*dispatch), queue.was_earlier(*dispatch)
    if is_last or (was_earlier and result.status == "completed"):
        collected = collect_output(gateway, request_id, result)
        running = queue.running.get(request_id.ticket) if is_last else None
        ending = _ending(gateway, sender, collected, running.since if running else None)
        outcome = record_end(gateway, request_id, ending)
    else:
        outcome = UpdateOutcome(stored=False, request=gateway.requests.read_answer(request_id))
    if outcome.request is None:
        raise RequestNotFound(
            f"The request {result.request_id!r} does not exist. Discard its result."
        )
    if outcome.request.ending is None and not was_earlier:
        raise NotAllowed("This request was not sent to you with this attempt. Discard its result.")
    return outcome, collected


def _ending(
    gateway: Gateway, sender: Sender, collected: Collected, started_at: int | None
) -> Ending:
    result = collected.result
    failed = result.status == "failed"
    failure = result.error
    answer = {
        name: to_builtins(value)
        for name in ("output", "confidence", "model", "usage", "inference_time")
        if (value := getattr(result, name)) is not None
    }
    for file in answer.get("output", {}).get("files", ()):
        if file["key"] in collected.etags:
            file["etag"] = collected.etags[file["key"]]
    return Ending(
        state=_STATES[result.status],
        ended_at=gateway.now(),
        started_at=started_at,
        holder=sender.holder,
        attempt=result.attempt,
        answer=answer,
        error=(failure.message if failure else "The worker gave no reason.") if failed else None,
        error_type=(failure.type if failure else ErrorType.WORKER_ERROR) if failed else None,
    )


def _ack(result: Result, sender: Sender, outcome: UpdateOutcome) -> messages.Ack:
    ending = outcome.request.ending if outcome.request else None
    mine = ending is not None and (ending.state, ending.holder) == (
        _STATES[result.status],
        sender.holder,
    )
    stored = outcome.stored or mine
    return messages.Ack(request_id=result.request_id, status="stored" if stored else "superseded")


def _cancel_other_attempt(
    gateway: Gateway, sender: Sender, queue: Queue, request_id: RequestId
) -> None:
    """Cancel the request at another worker that still runs it."""
    running = queue.running.get(request_id.ticket)
    place = queue.workers.get(running.holder) if running else None
    if running is None or place is None or running.holder == sender.holder:
        return
    stop = messages.Cancel(
        request_id=str(request_id), attempt=running.attempt, reason="already_ended"
    )
    gateway.sockets.post(place.connection_id, stop)


def _drop_ticket(
    gateway: Gateway, sender: Sender, before: Queue, request_id: RequestId, result: Result
) -> Change:
    """Return the change after a request has ended: drop its ticket, mark its sender ready."""
    now = gateway.now()
    completed = result.status == "completed"
    counts_for_pace = completed and before.is_last(request_id.ticket, sender.holder, result.attempt)

    def change(queue: Queue) -> Queue:
        ticket = request_id.ticket
        queue = complete(queue, ticket, now) if counts_for_pace else drop(queue, ticket)
        return _ready(queue, sender, result, now)

    return change


def _mark_ready(gateway: Gateway, sender: Sender, result: Result) -> Change:
    now = gateway.now()
    return lambda queue: _ready(queue, sender, result, now)


def _ready(queue: Queue, sender: Sender, result: Result, now: int) -> Queue:
    if result.slots is not None:
        queue = cap_slots(queue, slot_offer(sender, result.slots))
    return set_state(queue, sender.holder, sender.connection_id, ready=True, now=now)
