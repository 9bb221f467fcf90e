"""Route ``$disconnect`` of the socket. Delivery is best effort, so nothing depends on it."""

from spaces.bootstrap import gateway
from spaces.handlers.socket_route import OK, Event, sender_of, trace
from spaces.services.workers.release_connection import release_connection


def handler(event: Event, _context: object) -> dict[str, int]:
    """Keep the worker's places for a short grace period."""
    sender = sender_of(event)
    trace(event, sender)
    release_connection(gateway(), sender)
    return OK
