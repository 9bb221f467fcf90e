"""Route ``$connect`` of the socket, after the authorizer has allowed the worker."""

from spaces.bootstrap import gateway
from spaces.domain.errors import RateLimited, Unauthorized
from spaces.handlers.socket_route import OK, Event, sender_of, trace
from spaces.observability import logger
from spaces.services.workers.open_connection import open_connection

REFUSED = {"statusCode": 403}
TOO_MANY = {"statusCode": 429}


def handler(event: Event, _context: object) -> dict[str, int]:
    """Record the connection; ``register`` decides whether a place is free."""
    sender = sender_of(event)
    trace(event, sender)
    try:
        open_connection(gateway(), sender, event["requestContext"]["authorizer"]["token_digest"])
    except Unauthorized as refusal:
        logger.info("handshake_refused", extra={"reason": refusal.detail})
        return REFUSED
    except RateLimited as refusal:
        logger.info("handshake_refused", extra={"reason": refusal.detail})
        return TOO_MANY
    return OK
