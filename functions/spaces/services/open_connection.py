"""Who a worker is, from its token; and the record of its connection."""

import hashlib
import re
from typing import Final, NamedTuple

from spaces.domain.errors import Unauthorized
from spaces.services.gateway import Gateway, Sender, WorkerToken
from spaces_protocol.limits import TOKEN_PREFIX, WORKER_ID_PATTERN

_TOKEN: Final = re.compile(rf"{TOKEN_PREFIX}[A-Za-z0-9_-]{{20,100}}")
_WORKER_ID: Final = re.compile(WORKER_ID_PATTERN)


class Identity(NamedTuple):
    """A worker that may connect."""

    worker_id: str
    token: WorkerToken


def identify_worker(gateway: Gateway, *, token: str, worker_id: str) -> Identity:
    """Return who connects with this token.

    The token is looked up by its SHA-256: with 256 random bits there is nothing to guess, and
    nothing is compared byte by byte.

    Raises:
        Unauthorized: the token is none, unknown or expired, or the worker id is malformed.
    """
    if not _TOKEN.fullmatch(token) or not _WORKER_ID.match(worker_id):
        raise Unauthorized("A worker token and a worker id are needed.")
    found = gateway.tokens.find(token_digest(token))
    if found is None:
        raise Unauthorized("The worker token is wrong or was revoked.")
    if found.expires_at is not None and found.expires_at <= gateway.now():
        raise Unauthorized("The worker token has expired.")
    return Identity(worker_id, found)


def token_digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_connection(gateway: Gateway, sender: Sender) -> None:
    """Keep a record of a connection that was let in."""
    gateway.connections.open(sender, now=gateway.now())
    gateway.report("worker_connected", worker_id=sender.worker_id, token_id=sender.token_id)
