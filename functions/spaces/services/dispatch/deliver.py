"""Delivers one hand-over: reads its request, makes sure that it is still wanted, posts it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from spaces.domain.queue.dispatch import Dispatch
from spaces.domain.queue.places import mark_away, set_state
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import drop, requeue
from spaces.domain.request import Request, Tombstone
from spaces.services.dispatch.change_queue import Decide
from spaces.services.dispatch.end_request import end_lost, end_waiting_too_long
from spaces.services.files.sign_file_urls import input_for_worker, output_policy
from spaces.services.ports.gateway import Gateway, PostOutcome, Sender
from spaces_protocol import gateway_messages as messages
from spaces_protocol.limits import MAX_ATTEMPTS

Post = Callable[[Gateway, str, messages.Request], PostOutcome]


def post_request(gateway: Gateway, connection_id: str, message: messages.Request) -> PostOutcome:
    """Send a hand-over as a message of its own."""
    return gateway.sockets.post(connection_id, message)


def deliver(gateway: Gateway, space_id: str, dispatch: Dispatch, post: Post) -> Decide | None:
    """Post a planned hand-over to its worker.

    Returns:
        The change that the queue needs because it could not be delivered; None if it was, or if
        the lease shall decide.
    """
    request = _read_or_bury(gateway, space_id, dispatch.ticket)
    if request is None or request.ending is not None:
        return partial(drop, ticket=dispatch.ticket)
    never_ran = not dispatch.again and not dispatch.losses
    if never_ran and request.queue_deadline <= gateway.now():
        end_waiting_too_long(gateway, request)
        return partial(drop, ticket=dispatch.ticket)
    if dispatch.losses >= MAX_ATTEMPTS:
        end_lost(gateway, request, dispatch.worker_id, dispatch.attempt - 1)
        return partial(drop, ticket=dispatch.ticket)
    message = request_message(gateway, request, dispatch)
    outcome = post(gateway, dispatch.connection_id, message)
    if outcome is PostOutcome.GONE:
        gateway.log_event("worker_gone", worker_id=dispatch.worker_id, space=space_id)
        return partial(_undeliverable, dispatch=dispatch, lost=lose_connection(gateway, dispatch))
    return None


def request_message(gateway: Gateway, request: Request, dispatch: Dispatch) -> messages.Request:
    """Return the message that carries a request to its worker."""
    return messages.Request(
        request_id=str(request.request_id),
        space=request.space_id,
        attempt=dispatch.attempt,
        deadline=datetime.fromtimestamp(dispatch.deadline / 1000, UTC),
        input=input_for_worker(gateway, request, dispatch.deadline),
        upload=output_policy(gateway, request, dispatch.attempt, dispatch.deadline),
        prefetched=dispatch.prefetched,
    )


def _read_or_bury(gateway: Gateway, space_id: str, ticket: int) -> Request | None:
    """Read a request; where none is, make sure that none will ever be."""
    request = gateway.requests.read(space_id, ticket)
    if request is None:
        request = gateway.requests.bury(space_id, ticket, gateway.now())
    return None if isinstance(request, Tombstone) else request


def _undeliverable(queue: Queue, dispatch: Dispatch, lost: Decide) -> Queue:
    place = queue.workers.get(dispatch.worker_id)
    if place is None or place.connection_id != dispatch.connection_id:
        return queue
    return lost(requeue(queue, dispatch.ticket, dispatch.attempt, lost=False))


class Addressee(Protocol):
    """Names a worker and the connection by which it was to be reached."""

    @property
    def worker_id(self) -> str: ...  # noqa: D102

    @property
    def connection_id(self) -> str: ...  # noqa: D102


def lose_connection(gateway: Gateway, connected: Addressee) -> Decide:
    """Return the change after a post was answered with 410.

    The connection is closed too: a worker that is not gone after all must notice. Where that
    fails, it stays, as a suspect, whom each sweep asks.
    """
    worker_id, connection_id = connected.worker_id, connected.connection_id
    now = gateway.now()
    if gateway.sockets.close(connection_id):
        return lambda queue: mark_away(queue, worker_id, connection_id, now)
    return lambda queue: set_state(queue, worker_id, connection_id, ready=False, now=now)


def current_dispatch(queue: Queue, ticket: int, sender: Sender) -> Dispatch | None:
    """Return the hand-over of a request that this worker should hold, to post it once more."""
    running = queue.running.get(ticket)
    if running is None or running.worker_id != sender.worker_id:
        return None
    return Dispatch(
        ticket=ticket,
        attempt=running.attempt,
        worker_id=running.worker_id,
        connection_id=sender.connection_id,
        deadline=running.deadline,
        again=True,
        prefetched=running.prefetched,
    )
