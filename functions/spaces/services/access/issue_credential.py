"""Issues worker tokens and API keys; the secret is shown once and stored as a hash."""

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
    """A new secret; this is the only time it is shown."""

    secret: str
    credential: Credential


def store_of(gateway: Gateway, kind: Kind) -> CredentialStore:
    """Return the store for credentials of a kind."""
    return gateway.tokens if kind == "token" else gateway.keys


def digest_of(secret: str) -> str:
    """Return the hash that is stored for a secret.

    An unsalted hash is enough for 256 random bits. It finds the item of the secret in one read,
    so nothing is compared byte by byte.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def no_valid_secret(kind: Kind, credential_id: str) -> NotFound:
    """Return the error for an id that does not exist or whose secrets have all ended."""
    return NotFound(f"No valid {kind} has the id {credential_id[:40]!r}.")


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
    """Issue a worker token or an API key for these spaces.

    It is dated no earlier than the spaces, because clocks differ and an older credential would
    count as one of a deleted space.

    Raises:
        InvalidInput: No spaces, too many spaces, or an invalid expiry.
        UnknownSpace: A space does not exist or is being deleted.
    """
    now = gateway.now()  # before reading the spaces, so that it precedes their deletion
    if expires_in_days is not None and not 1 <= expires_in_days <= MAX_DAYS:
        raise InvalidInput(f"expires_in_days must be between 1 and {MAX_DAYS}.")
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
        raise InvalidInput(f"A {kind} must list 1 to {MAX_SPACES_PER_WORKER} spaces.")
    found = []
    for space_id in spaces:
        definition = gateway.spaces.definition(space_id)
        if definition is None or definition.deleting:
            raise UnknownSpace(f"The space {space_id[:60]!r} does not exist. Create it first.")
        found.append(definition)
    return found


def store_secret(gateway: Gateway, kind: Kind, credential: Credential) -> Issued:
    """Make a secret, store it, and list it under its id.

    In this order, every listed secret exists. Revoking the id ends all listed secrets and accepts
    no further ones.

    Raises:
        NotFound: The id was revoked in the meantime; the secret is not valid.
    """
    prefix = TOKEN_PREFIX if kind == "token" else KEY_PREFIX
    secret = prefix + gateway.random_text() + gateway.random_text()
    store, digest = store_of(gateway, kind), digest_of(secret)
    store.put(digest, credential)
    if not store.lineages.add(credential.credential_id, digest, credential.expires_at):
        store.revoke(digest, gateway.now())
        raise no_valid_secret(kind, credential.credential_id)
    gateway.log_event(
        f"{kind}_issued", id=credential.credential_id, spaces=sorted(credential.spaces)
    )
    return Issued(secret, credential)
