"""Decides what becomes of running requests whose lease or deadline has passed."""

from typing import NamedTuple

from spaces.domain.queue.places import set_state
from spaces.domain.queue.queue import Queue, Running
from spaces.domain.queue.settlement import await_check, drop, extend_lease, requeue
from spaces.domain.request import Request, Tombstone
from spaces.services.dispatch.end_request import end_lost, end_running_too_long
from spaces.services.ports.gateway import Gateway
from spaces_protocol.gateway_messages import Cancel, Check, GatewayMessage
from spaces_protocol.limits import MAX_ATTEMPTS
from spaces_protocol.rest_bodies import RequestState


class Order(NamedTuple):
    """A message to a worker, to be sent once the change that caused it is swapped in."""

    worker_id: str
    connection_id: str
    message: GatewayMessage


class Event(NamedTuple):
    """What the operator is told once the change is swapped in, and not at each try."""

    name: str
    request_id: str
    worker_id: str


Orders = list[Order | Event]


def expire(gateway: Gateway, queue: Queue, now: int) -> tuple[Queue, Orders]:
    """Settle every overdue ticket of the queue. Every end is written before its ticket goes."""
    orders: Orders = []
    for ticket in queue.overdue(now):
        running = queue.running[ticket]
        request = gateway.requests.read(queue.space_id, ticket, with_input=False)
        if request is None:
            request = gateway.requests.bury(queue.space_id, ticket, now)
        if request is None or isinstance(request, Tombstone):
            queue = drop(queue, ticket)
        elif request.ending is not None:
            if request.ending.state is RequestState.TIMED_OUT:  # by a try whose swap failed
                _tell_to_stop(queue, request, running, orders)
            queue = drop(queue, ticket)
        elif running.deadline <= now:
            queue = _time_out(gateway, queue, request, running, orders)
        else:
            queue = _judge_silence(gateway, queue, request, running, now, orders)
    return queue, orders


def _time_out(
    gateway: Gateway, queue: Queue, request: Request, running: Running, orders: Orders
) -> Queue:
    if end_running_too_long(gateway, request, running).stored:
        gateway.log_event("request_timed_out", request_id=str(request.request_id))
    _tell_to_stop(queue, request, running, orders)
    return drop(queue, request.ticket)


def _tell_to_stop(queue: Queue, request: Request, running: Running, orders: Orders) -> None:
    place = queue.workers.get(running.worker_id)
    if place is not None:
        stop = Cancel(
            request_id=str(request.request_id), attempt=running.attempt, reason="timed_out"
        )
        orders.append(Order(running.worker_id, place.connection_id, stop))


def _judge_silence(
    gateway: Gateway,
    queue: Queue,
    request: Request,
    running: Running,
    now: int,
    orders: Orders,
) -> Queue:
    place = queue.workers.get(running.worker_id)
    reachable = place is not None and place.state in ("ready", "draining")
    spoke = request.attempt == running.attempt
    if reachable and spoke and request.lease_until > now:
        return extend_lease(queue, request.ticket, request.lease_until)
    if place is not None and reachable and not spoke and not running.checked:
        orders.append(Order(running.worker_id, place.connection_id, Check()))
        return await_check(queue, request.ticket, now)
    orders.append(Event("request_requeued", str(request.request_id), running.worker_id))
    if running.losses + 1 >= MAX_ATTEMPTS and not running.prefetched:
        end_lost(gateway, request, running.worker_id, running.attempt)
        queue = drop(queue, request.ticket)
    else:
        queue = requeue(queue, request.ticket, running.attempt, lost=True)
    if place is None:
        return queue
    return set_state(queue, running.worker_id, place.connection_id, ready=False, now=now)
