"""Decides what becomes of running requests whose lease or deadline has passed."""

from typing import NamedTuple

from spaces.domain.holder import Holder
from spaces.domain.queue.own_timeout import shorten_deadline
from spaces.domain.queue.places import set_state
from spaces.domain.queue.queue import Queue, Running
from spaces.domain.queue.settlement import await_check, drop, extend_lease, requeue
from spaces.domain.request import Request, Tombstone
from spaces.services.dispatch.announce import drop_announced
from spaces.services.dispatch.end_request import end_lost, end_running_too_long
from spaces.services.ports.gateway import Gateway
from spaces_protocol.gateway_messages import Cancel, Check, GatewayMessage
from spaces_protocol.limits import MAX_ATTEMPTS
from spaces_protocol.rest_bodies import RequestState


class PendingMessage(NamedTuple):
    """A message to send to a worker once the change that caused it is swapped in."""

    holder: Holder
    connection_id: str
    message: GatewayMessage


class LogEvent(NamedTuple):
    """An event to log once the change is swapped in, not at each try."""

    name: str
    request_id: str
    worker_id: str
    trace: dict[str, str]


Effect = PendingMessage | LogEvent
Settled = tuple[Queue, list[Effect]]


def expire(gateway: Gateway, queue: Queue, now: int) -> Settled:
    """Settle every overdue ticket. Each ending is written before its ticket leaves the queue."""
    effects: list[Effect] = []
    for ticket in queue.overdue(now):
        queue, caused = _settle(gateway, queue, ticket, now)
        effects += caused
    return queue, effects


def _settle(gateway: Gateway, queue: Queue, ticket: int, now: int) -> Settled:
    running = queue.running[ticket]
    request = gateway.requests.read(queue.space_id, ticket, with_input=False)
    if request is None:
        request = gateway.requests.bury(queue.space_id, ticket, now)
    if request is None or isinstance(request, Tombstone):
        return drop(queue, ticket), []
    if request.ending is not None:
        # A TIMED_OUT was written by an earlier try whose swap failed.
        timed_out = request.ending.state is RequestState.TIMED_OUT
        stop = _stop_messages(queue, request, running) if timed_out else []
        return drop_announced(gateway, request, ticket)(queue), stop
    # Whoever delivered it may have died before that was applied.
    queue = shorten_deadline(queue, ticket, running.attempt, request.timeout)
    running = queue.running[ticket]
    if running.deadline <= now:
        return _time_out(gateway, queue, request, running)
    return _judge_silence(gateway, queue, request, running, now)


def _time_out(gateway: Gateway, queue: Queue, request: Request, running: Running) -> Settled:
    outcome = end_running_too_long(gateway, request, running)
    change = drop_announced(gateway, outcome.request, request.ticket)
    return change(queue), _stop_messages(queue, request, running)


def _stop_messages(queue: Queue, request: Request, running: Running) -> list[Effect]:
    place = queue.workers.get(running.holder)
    if place is None:
        return []
    stop = Cancel(request_id=str(request.request_id), attempt=running.attempt, reason="timed_out")
    return [PendingMessage(running.holder, place.connection_id, stop)]


def _judge_silence(
    gateway: Gateway, queue: Queue, request: Request, running: Running, now: int
) -> Settled:
    place = queue.workers.get(running.holder)
    reachable = place is not None and place.state in ("ready", "draining")
    spoke = request.attempt == running.attempt
    if reachable and spoke and request.lease_until > now:
        return extend_lease(queue, request.ticket, request.lease_until), []
    if place is not None and reachable and not spoke and not running.checked:
        check = PendingMessage(running.holder, place.connection_id, Check())
        return await_check(queue, request.ticket, now), [check]
    queue = _take_away(gateway, queue, request, running)
    if place is not None:
        queue = set_state(queue, running.holder, place.connection_id, ready=False, now=now)
    request_id, worker_id = str(request.request_id), running.worker_id
    return queue, [LogEvent("request_requeued", request_id, worker_id, request.trace)]


def _take_away(gateway: Gateway, queue: Queue, request: Request, running: Running) -> Queue:
    """Requeue a request that was lost with its worker; end it if that was once too often."""
    if running.losses + 1 >= MAX_ATTEMPTS and not running.prefetched:
        outcome = end_lost(gateway, request, running.holder, running.attempt)
        return drop_announced(gateway, outcome.request, request.ticket)(queue)
    return requeue(queue, request.ticket, running.attempt, lost=True)
