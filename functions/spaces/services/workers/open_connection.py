"""Identifies a worker by its token and records its connection."""

import re
from typing import Final, NamedTuple

from spaces.domain.access.credential import Credential
from spaces.domain.errors import RateLimited, Unauthorized
from spaces.services.access.issue_credential import digest_of
from spaces.services.ports.gateway import Gateway, Sender
from spaces_protocol.limits import MAX_HANDSHAKES_PER_HOUR, TOKEN_PREFIX, WORKER_ID_PATTERN

_TOKEN: Final = re.compile(rf"{TOKEN_PREFIX}[A-Za-z0-9_-]{{20,100}}")
_WORKER_ID: Final = re.compile(WORKER_ID_PATTERN)
HANDSHAKE_RETRY_SECONDS: Final = 600
_TOO_MANY: Final = (
    f"Workers connected with this token more than {MAX_HANDSHAKES_PER_HOUR} times in this hour."
)


class Identity(NamedTuple):
    """A worker that may connect, and the hash of its token."""

    worker_id: str
    digest: str
    token: Credential


def identify_worker(gateway: Gateway, *, token: str, worker_id: str) -> Identity:
    """Return the worker that connects with this token.

    Raises:
        Unauthorized: The token is malformed, unknown, expired, revoked or used too often in
            this hour, or the worker id is malformed.
    """
    if not _TOKEN.fullmatch(token) or not _WORKER_ID.match(worker_id):
        raise Unauthorized("A valid worker token and worker id are required.")
    digest = digest_of(token)
    found = gateway.tokens.find(digest)
    if found is None:
        raise Unauthorized("The worker token is wrong.")
    if not found.is_valid(gateway.now()):
        raise Unauthorized("The worker token has expired or was revoked.")
    if not found.may_connect(gateway.now()):
        raise Unauthorized(_TOO_MANY)
    return Identity(worker_id, digest, found)


def open_connection(gateway: Gateway, sender: Sender, digest: str) -> None:
    """Record a connection that the authorizer allowed.

    The record is written before the token is checked again. A revocation first revokes the token
    and then looks for its connections, so one of the two always sees the other.

    Args:
        gateway: Access to the outside.
        sender: The connection.
        digest: The hash of its token.

    Raises:
        Unauthorized: The token was revoked or expired after the authorizer checked it.
        RateLimited: Workers connected with this token too often in this hour.
    """
    now = gateway.now()
    gateway.connections.open(sender, now=now)
    token = gateway.tokens.count_handshake(digest, now)
    if token is None or not token.is_valid(now):
        gateway.connections.close(sender.connection_id)
        raise Unauthorized("The worker token has expired or was revoked.")
    if not token.may_connect(now):
        gateway.connections.close(sender.connection_id)
        raise RateLimited(_TOO_MANY, retry_after_seconds=HANDSHAKE_RETRY_SECONDS)
    gateway.log_event("worker_connected", worker_id=sender.worker_id, token_id=sender.token_id)
