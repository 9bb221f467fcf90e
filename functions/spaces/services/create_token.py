"""Creates a worker token; it is shown once and kept as a hash."""

from typing import Final, NamedTuple

from spaces.domain.errors import InvalidInput, UnknownSpace
from spaces.domain.timing import SECOND
from spaces.services.gateway import Gateway, WorkerToken
from spaces.services.open_connection import token_digest
from spaces_protocol.limits import MAX_SPACES_PER_WORKER, TOKEN_PREFIX

MAX_DAYS: Final = 3650


class NewToken(NamedTuple):
    """A token, for the one time that it is seen."""

    token: str
    token_id: str


def create_token(
    gateway: Gateway, spaces: list[str], *, label: str = "", expires_in_days: int | None = None
) -> NewToken:
    """Create a token for workers of these spaces.

    Raises:
        InvalidInput: no space, too many, or an expiry that cannot be.
        UnknownSpace: one of them does not exist.
    """
    if not 1 <= len(spaces) <= MAX_SPACES_PER_WORKER:
        raise InvalidInput(f"A token is for 1 to {MAX_SPACES_PER_WORKER} spaces.")
    if expires_in_days is not None and not 1 <= expires_in_days <= MAX_DAYS:
        raise InvalidInput(f"expires_in_days must lie between 1 and {MAX_DAYS}.")
    for space_id in spaces:
        if gateway.spaces.glance_at_queue(space_id) is None:
            raise UnknownSpace(f"There is no space {space_id[:60]!r}; create it first.")
    token = TOKEN_PREFIX + gateway.random_text() + gateway.random_text()
    now = gateway.now()
    expires_at = None if expires_in_days is None else now + expires_in_days * 24 * 3600 * SECOND
    kept = WorkerToken(gateway.random_text()[:12], frozenset(spaces), label, now, expires_at)
    gateway.tokens.put(token_digest(token), kept)
    gateway.report("token_created", token_id=kept.token_id, spaces=sorted(spaces))
    return NewToken(token, kept.token_id)
