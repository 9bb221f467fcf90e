"""Makes worker tokens and API keys; the secret is seen once and kept as a hash."""

import hashlib
from typing import Final, Literal, NamedTuple

from spaces.domain.access.credential import Credential
from spaces.domain.access.quota import DAY, CallerLimits
from spaces.domain.errors import InvalidInput, NotFound, UnknownSpace
from spaces.domain.space import Definition
from spaces.services.ports.access_stores import CredentialStore
from spaces.services.ports.gateway import Gateway
from spaces_protocol.limits import KEY_PREFIX, MAX_SPACES_PER_WORKER, TOKEN_PREFIX

MAX_DAYS: Final = 3650

Kind = Literal["token", "key"]


class Issued(NamedTuple):
    """A new secret, for the one time that it is seen."""

    secret: str
    credential: Credential


def store_of(gateway: Gateway, kind: Kind) -> CredentialStore:
    """Return where credentials of a kind are kept."""
    return gateway.tokens if kind == "token" else gateway.keys


def digest_of(secret: str) -> str:
    """Return what is kept of a secret.

    A hash without salt is enough for 256 random bits, and finds the secret's item in one read:
    nothing is compared byte by byte.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def no_longer_good(kind: Kind, credential_id: str) -> NotFound:
    """Return the error for an id whose secrets have all ended, or that never was."""
    return NotFound(f"There is no {kind} {credential_id[:40]!r} that is still good.")


def issue_credential(
    gateway: Gateway,
    kind: Kind,
    spaces: list[str],
    *,
    label: str = "",
    expires_in_days: int | None = None,
    limits: CallerLimits | None = None,
    created_by: str = "",
) -> Issued:
    """Make a worker token or an API key for these spaces.

    It is never older than they are: clocks differ, and what is older is for an earlier space.

    Raises:
        InvalidInput: no space, too many, or an expiry that cannot be.
        UnknownSpace: one of them does not exist, or is being deleted.
    """
    now = gateway.now()  # before looking at the spaces, so that it is before their deletion, too
    if expires_in_days is not None and not 1 <= expires_in_days <= MAX_DAYS:
        raise InvalidInput(f"expires_in_days must lie between 1 and {MAX_DAYS}.")
    found = _check_scope(gateway, kind, spaces)
    now = max(now, *(definition.created_at for definition in found))
    credential = Credential(
        credential_id=gateway.random_text()[:12],
        spaces=frozenset(spaces),
        label=label,
        created_at=now,
        created_by=created_by,
        expires_at=None if expires_in_days is None else now + expires_in_days * DAY,
        limits=limits,
    )
    return store_secret(gateway, kind, credential)


def _check_scope(gateway: Gateway, kind: Kind, spaces: list[str]) -> list[Definition]:
    if not 1 <= len(set(spaces)) <= MAX_SPACES_PER_WORKER:
        raise InvalidInput(f"A {kind} is for 1 to {MAX_SPACES_PER_WORKER} spaces.")
    found = []
    for space_id in spaces:
        definition = gateway.spaces.definition(space_id)
        if definition is None or definition.deleting:
            raise UnknownSpace(f"There is no space {space_id[:60]!r}; create it first.")
        found.append(definition)
    return found


def store_secret(gateway: Gateway, kind: Kind, credential: Credential) -> Issued:
    """Make a secret, store it, and count it among those of its id.

    In this order, so that what is counted is there: who revokes the id ends all that counts, and
    takes no further one.

    Raises:
        NotFound: the id has been revoked meanwhile; the secret is good for nothing.
    """
    prefix = TOKEN_PREFIX if kind == "token" else KEY_PREFIX
    secret = prefix + gateway.random_text() + gateway.random_text()
    store, digest = store_of(gateway, kind), digest_of(secret)
    store.put(digest, credential)
    if not store.lineages.enrol(credential.credential_id, digest, credential.expires_at):
        store.revoke(digest, gateway.now())
        raise no_longer_good(kind, credential.credential_id)
    gateway.log_event(
        f"{kind}_issued", id=credential.credential_id, spaces=sorted(credential.spaces)
    )
    return Issued(secret, credential)
