"""Endings that the gateway itself gives a request."""

from collections.abc import Callable

from spaces.domain.holder import Holder
from spaces.domain.queue.queue import Queue, Running
from spaces.domain.request import Ending, Request
from spaces.domain.timing import SECOND
from spaces.services.dispatch.announce import drop_announced
from spaces.services.dispatch.record_end import record_end
from spaces.services.ports.gateway import Gateway, UpdateOutcome
from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import RequestState


def end_waiting_too_long(gateway: Gateway, request: Request) -> UpdateOutcome:
    """End a request that no worker took within the queue timeout."""
    waited = (gateway.now() - request.created_at) // SECOND
    ending = Ending(
        state=RequestState.TIMED_OUT,
        ended_at=gateway.now(),
        error=f"No worker could take the request for {waited:,} seconds. Try again later.",
        error_type=ErrorType.QUEUE_TIMED_OUT,
    )
    return record_end(gateway, request.request_id, ending)


def end_if_overdue(gateway: Gateway, request: Request, now: int) -> Callable[[Queue], Queue]:
    """Return the change that ends a request if it still waits and has waited too long.

    Whether it waits is judged on the state that is swapped. A dispatch that wins the race posts
    nothing after the queue deadline, so both come to the same decision.

    Args:
        gateway: Access to the outside.
        request: The request in question.
        now: Taken before the queue is read.
    """

    def change(queue: Queue) -> Queue:
        ends = queue.wait_ends(request.ticket, request.queue_deadline)
        if ends is None or ends > now:
            return queue
        outcome = end_waiting_too_long(gateway, request)
        return drop_announced(gateway, outcome.request, request.ticket)(queue)

    return change


def end_running_too_long(gateway: Gateway, request: Request, running: Running) -> UpdateOutcome:
    """End a request that its worker did not answer in time."""
    ran = (running.deadline - running.since) // SECOND
    ending = Ending(
        state=RequestState.TIMED_OUT,
        ended_at=gateway.now(),
        started_at=running.since,
        holder=running.holder,
        attempt=running.attempt,
        error=f"The worker did not answer within {ran:,} seconds and was told to stop.",
        error_type=ErrorType.TIMED_OUT,
    )
    return record_end(gateway, request.request_id, ending)


def end_damaged(gateway: Gateway, request: Request) -> UpdateOutcome:
    """End a request whose stored input is gone or cannot be read: no worker can ever get it."""
    fault = "is no longer stored" if request.incomplete else "cannot be read"
    ending = Ending(
        state=RequestState.FAILED,
        ended_at=gateway.now(),
        error=f"The input of this request {fault}. Submit it again.",
        error_type=ErrorType.INTERNAL,
    )
    return record_end(gateway, request.request_id, ending)


def end_lost(gateway: Gateway, request: Request, holder: Holder, attempt: int) -> UpdateOutcome:
    """End a request that was lost with its worker too often, the last time at this attempt."""
    ending = Ending(
        state=RequestState.FAILED,
        ended_at=gateway.now(),
        holder=holder,
        attempt=attempt,
        error=(
            f"The request was sent to a worker {attempt} times, and each time the worker stopped "
            "responding or died. The request may be too much for the worker; try a smaller one."
        ),
        error_type=ErrorType.WORKER_LOST,
    )
    return record_end(gateway, request.request_id, ending)
