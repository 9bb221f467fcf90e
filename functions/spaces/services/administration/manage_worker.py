"""What administrators can do with workers: notify, pause, resume, disconnect."""

from functools import partial
from typing import Final

from spaces.domain.errors import Busy, NotFound
from spaces.domain.queue import pausing
from spaces.domain.queue.queue import Queue
from spaces.services.administration.audited import Change, audited
from spaces.services.administration.close_connections import close_connection
from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import Connection, Gateway, PostOutcome
from spaces_protocol.gateway_messages import Notice

LONGEST_ID: Final = 128
"""Longest connection id in characters; API Gateway's are far shorter."""


def notify_worker(gateway: Gateway, connection_id: str, text: str, who: str) -> None:
    """Show a message to the operator of a worker.

    Raises:
        NotFound: The connection does not exist.
        Busy: The worker could not be reached.
    """
    connection = _find(gateway, connection_id)
    planned = Change(after={"text": text})
    with audited(gateway, who, "notify_worker", connection.worker_id, planned):
        outcome = gateway.sockets.post(connection_id, Notice(text=text))
        if outcome is PostOutcome.GONE:
            raise _gone(connection_id)
        if outcome is PostOutcome.UNAVAILABLE:
            raise Busy("The worker could not be reached. Try again.", retry_after_seconds=2)


def pause_worker(gateway: Gateway, connection_id: str, who: str, *, paused: bool) -> None:
    """Pause or resume dispatches to a worker in all of its spaces.

    Raises:
        NotFound: The connection does not exist.
    """
    connection = _find(gateway, connection_id)
    action = "pause_worker" if paused else "resume_worker"
    planned = Change(after={"spaces": list(connection.spaces)})
    with audited(gateway, who, action, connection.worker_id, planned):
        for space_id in connection.spaces:
            if gateway.spaces.read_queue(space_id, consistent=False) is not None:
                advance(gateway, space_id, partial(_paused, connection=connection, paused=paused))


def disconnect_worker(gateway: Gateway, connection_id: str, who: str) -> None:
    """Close a worker's connection and requeue its requests; the worker may reconnect.

    Raises:
        NotFound: The connection does not exist.
        Busy: The connection could not be closed.
    """
    connection = _find(gateway, connection_id)
    with audited(gateway, who, "disconnect_worker", connection.worker_id):
        close_connection(gateway, connection, evict=True)


def _paused(queue: Queue, connection: Connection, *, paused: bool) -> Queue:
    change = pausing.pause if paused else pausing.resume
    return change(queue, connection.holder)


def _find(gateway: Gateway, connection_id: str) -> Connection:
    known = len(connection_id) <= LONGEST_ID
    connection = gateway.connections.find(connection_id) if known else None
    if connection is None:
        raise _gone(connection_id)
    return connection


def _gone(connection_id: str) -> NotFound:
    return NotFound(f"Connection {connection_id[:60]!r} no longer exists. Reload the list.")
