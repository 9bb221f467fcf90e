"""Delivers one hand-over: reads its request, makes sure that it is still wanted, posts it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from spaces.domain.queue.dispatch import Handover
from spaces.domain.queue.places import go_away, set_state
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import drop, hand_back
from spaces.domain.request import Request, Tombstone
from spaces.services.dispatch.change_queue import Decide
from spaces.services.dispatch.end_request import end_lost, end_waiting_too_long
from spaces.services.files.sign_file_urls import input_for_worker, output_policy
from spaces.services.ports.gateway import Delivery, Gateway, Sender
from spaces_protocol import gateway_messages as messages
from spaces_protocol.limits import MAX_ATTEMPTS

Post = Callable[[Gateway, str, messages.Request], Delivery]


def post_request(gateway: Gateway, connection_id: str, message: messages.Request) -> Delivery:
    """Send a hand-over as a message of its own."""
    return gateway.sockets.post(connection_id, message)


def deliver(gateway: Gateway, space_id: str, handover: Handover, post: Post) -> Decide | None:
    """Post a planned hand-over to its worker.

    Returns:
        The change that the queue needs because it could not be delivered; None if it was, or if
        the lease shall decide.
    """
    request = _read_or_bury(gateway, space_id, handover.ticket)
    if request is None or request.ending is not None:
        return partial(drop, ticket=handover.ticket)
    never_ran = not handover.again and not handover.losses
    if never_ran and request.queue_deadline <= gateway.now():
        end_waiting_too_long(gateway, request)
        return partial(drop, ticket=handover.ticket)
    if handover.losses >= MAX_ATTEMPTS:
        end_lost(gateway, request, handover.worker_id, handover.attempt - 1)
        return partial(drop, ticket=handover.ticket)
    message = hand_over_message(gateway, request, handover)
    delivery = post(gateway, handover.connection_id, message)
    if delivery is Delivery.GONE:
        gateway.report("worker_gone", worker_id=handover.worker_id, space=space_id)
        return partial(_undeliverable, handover=handover, lost=lose_link(gateway, handover))
    return None


def hand_over_message(gateway: Gateway, request: Request, handover: Handover) -> messages.Request:
    """Return the message that carries a request to its worker."""
    return messages.Request(
        request_id=str(request.request_id),
        space=request.space_id,
        attempt=handover.attempt,
        deadline=datetime.fromtimestamp(handover.deadline / 1000, UTC),
        input=input_for_worker(gateway, request, handover.deadline),
        upload=output_policy(gateway, request, handover.attempt, handover.deadline),
        prefetched=handover.early,
    )


def _read_or_bury(gateway: Gateway, space_id: str, ticket: int) -> Request | None:
    """Read a request; where none is, make sure that none will ever be."""
    request = gateway.requests.read(space_id, ticket)
    if request is None:
        request = gateway.requests.bury(space_id, ticket, gateway.now())
    return None if isinstance(request, Tombstone) else request


def _undeliverable(queue: Queue, handover: Handover, lost: Decide) -> Queue:
    place = queue.workers.get(handover.worker_id)
    if place is None or place.connection_id != handover.connection_id:
        return queue
    return lost(hand_back(queue, handover.ticket, handover.attempt, lost=False))


class Linked(Protocol):
    """Names a worker and the connection by which it was to be reached."""

    @property
    def worker_id(self) -> str: ...  # noqa: D102

    @property
    def connection_id(self) -> str: ...  # noqa: D102


def lose_link(gateway: Gateway, linked: Linked) -> Decide:
    """Return the change after a post was answered with 410.

    The connection is closed too: a worker that is not gone after all must notice. Where that
    fails, it stays, as a suspect, whom each sweep asks.
    """
    worker_id, connection_id = linked.worker_id, linked.connection_id
    now = gateway.now()
    if gateway.sockets.close(connection_id):
        return lambda queue: go_away(queue, worker_id, connection_id, now)
    return lambda queue: set_state(queue, worker_id, connection_id, ready=False, now=now)


def running_handover(queue: Queue, ticket: int, sender: Sender) -> Handover | None:
    """Return the hand-over of a request that this worker should hold, to post it once more."""
    running = queue.running.get(ticket)
    if running is None or running.worker_id != sender.worker_id:
        return None
    return Handover(
        ticket=ticket,
        attempt=running.attempt,
        worker_id=running.worker_id,
        connection_id=sender.connection_id,
        deadline=running.deadline,
        again=True,
        early=running.early,
    )
