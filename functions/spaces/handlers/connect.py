"""Trigger ``$connect`` of the socket, after the authorizer has let the worker in."""

from spaces.bootstrap import gateway
from spaces.handlers.socket_route import OK, Event, sender_of, trace
from spaces.services.open_connection import open_connection


def handler(event: Event, _context: object) -> dict[str, int]:
    """Note the connection; whether a place is free is decided by ``register``."""
    sender = sender_of(event)
    trace(event, sender)
    open_connection(gateway(), sender)
    return OK
