"""Trigger ``$disconnect`` of the socket: best effort, so nothing depends on it."""

from spaces.bootstrap import gateway
from spaces.handlers.socket_route import OK, Event, sender_of, trace
from spaces.services.workers.release_connection import release_connection


def handler(event: Event, _context: object) -> dict[str, int]:
    """Let the worker's places wait for it for a short grace."""
    sender = sender_of(event)
    trace(event, sender)
    release_connection(gateway(), sender)
    return OK
