"""Who a worker is, from its token; and the record of its connection."""

import re
from typing import Final, NamedTuple

from spaces.domain.access.credential import Credential
from spaces.domain.errors import Unauthorized
from spaces.services.access.issue_credential import digest_of
from spaces.services.ports.gateway import Gateway, Sender
from spaces_protocol.limits import TOKEN_PREFIX, WORKER_ID_PATTERN

_TOKEN: Final = re.compile(rf"{TOKEN_PREFIX}[A-Za-z0-9_-]{{20,100}}")
_WORKER_ID: Final = re.compile(WORKER_ID_PATTERN)


class Identity(NamedTuple):
    """A worker that may connect, and the hash of its token."""

    worker_id: str
    digest: str
    token: Credential


def identify_worker(gateway: Gateway, *, token: str, worker_id: str) -> Identity:
    """Return who connects with this token.

    Raises:
        Unauthorized: the token is none, unknown or expired, or the worker id is malformed.
    """
    if not _TOKEN.fullmatch(token) or not _WORKER_ID.match(worker_id):
        raise Unauthorized("A worker token and a worker id are needed.")
    digest = digest_of(token)
    found = gateway.tokens.find(digest)
    if found is None:
        raise Unauthorized("The worker token is wrong.")
    if not found.is_good(gateway.now()):
        raise Unauthorized("The worker token has expired or was revoked.")
    return Identity(worker_id, digest, found)


def open_connection(gateway: Gateway, sender: Sender, digest: str) -> None:
    """Keep a record of a connection that was let in.

    The record is written before the token is looked at once more: who revokes a token revokes
    it before looking for its connections, so one of the two sees the other.

    Args:
        digest: of the token that it came with.

    Raises:
        Unauthorized: the token has ended since the authorizer saw it.
    """
    now = gateway.now()
    gateway.connections.open(sender, now=now)
    token = gateway.tokens.mark_used(digest, now)
    if token is None or not token.is_good(now):
        gateway.connections.close(sender.connection_id)
        raise Unauthorized("The worker token has expired or was revoked.")
    gateway.log_event("worker_connected", worker_id=sender.worker_id, token_id=sender.token_id)
