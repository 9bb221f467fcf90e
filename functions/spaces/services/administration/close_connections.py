"""Closes connections of workers and removes the workers from their places."""

from functools import partial
from typing import NamedTuple

from spaces.domain.errors import Busy
from spaces.domain.queue.places import evict_worker
from spaces.domain.queue.queue import Queue
from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import Connection, Gateway


class Closed(NamedTuple):
    """How many connections were closed and how many could not be."""

    closed: int
    still_open: int


def close_connections(gateway: Gateway, token_id: str, *, evict: bool) -> Closed:
    """Close the connections of a token's workers; a failure does not keep the others open.

    Args:
        gateway: Access to the outside.
        token_id: The id of the token.
        evict: Whether the workers lose their places and their requests are requeued.
    """
    connections = [each for each in gateway.connections.list() if each.token_id == token_id]
    closed = sum(_closes(gateway, connection, evict=evict) for connection in connections)
    return Closed(closed, len(connections) - closed)


def _closes(gateway: Gateway, connection: Connection, *, evict: bool) -> bool:
    try:
        close_connection(gateway, connection, evict=evict)
    except Busy:
        return False
    return True


def close_connection(gateway: Gateway, connection: Connection, *, evict: bool) -> None:
    """Close one connection. Its record is deleted last, so that a repeated call finds it again.

    Raises:
        Busy: It could not be closed now.
    """
    closed = gateway.sockets.close(connection.connection_id)
    for space_id in connection.spaces if evict else ():
        if gateway.spaces.read_queue(space_id, consistent=False) is not None:
            change = partial(_evict, connection=connection, now=gateway.now())
            advance(gateway, space_id, change)
    if not closed:
        raise Busy("A connection could not be closed. Try again.", retry_after_seconds=2)
    gateway.connections.close(connection.connection_id)


def _evict(queue: Queue, connection: Connection, now: int) -> Queue:
    place = queue.workers.get(connection.holder)
    if place is None or place.connection_id != connection.connection_id:
        return queue
    return evict_worker(queue, connection.holder, now)
