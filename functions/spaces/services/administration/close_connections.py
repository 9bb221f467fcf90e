"""Closes the connections of workers, and gives up their places."""

from functools import partial
from typing import NamedTuple

from spaces.domain.errors import Busy
from spaces.domain.queue.places import evict_worker
from spaces.domain.queue.queue import Queue
from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import Connection, Gateway


class Closed(NamedTuple):
    """How many connections were closed, and how many could not be."""

    closed: int
    still_open: int


def close_connections(gateway: Gateway, token_id: str, *, lost: bool) -> Closed:
    """Close the connections of a token's workers; one that cannot be closed saves no other.

    Args:
        lost: whether the workers' places are given up, and what they held is handed back.
    """
    connections = [each for each in gateway.connections.list() if each.token_id == token_id]
    closed = sum(_closes(gateway, connection, lost=lost) for connection in connections)
    return Closed(closed, len(connections) - closed)


def _closes(gateway: Gateway, connection: Connection, *, lost: bool) -> bool:
    try:
        close_connection(gateway, connection, lost=lost)
    except Busy:
        return False
    return True


def close_connection(gateway: Gateway, connection: Connection, *, lost: bool) -> None:
    """Close one connection; its record goes last, so that a repeated call finds it again.

    Raises:
        Busy: it could not be closed just now.
    """
    closed = gateway.sockets.close(connection.connection_id)
    for space_id in connection.spaces if lost else ():
        if gateway.spaces.read_queue(space_id, consistent=False) is not None:
            change = partial(_give_up, connection=connection, now=gateway.now())
            advance(gateway, space_id, change)
    if not closed:
        raise Busy("A connection could not be closed. Try again.", retry_after_seconds=2)
    gateway.connections.close(connection.connection_id)


def _give_up(queue: Queue, connection: Connection, now: int) -> Queue:
    place = queue.workers.get(connection.worker_id)
    if place is None or place.connection_id != connection.connection_id:
        return queue
    return evict_worker(queue, connection.worker_id, now)
