"""Makes worker tokens and API keys; the secret is seen once and kept as a hash."""

import hashlib
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from spaces.domain.credential import Credential
from spaces.domain.errors import InvalidInput, NotFound, UnknownSpace
from spaces.domain.quota import DAY, CallerLimits
from spaces.domain.space import Definition
from spaces.services.access_stores import CredentialStore, KeptCredential
from spaces.services.gateway import Gateway
from spaces_protocol.limits import KEY_PREFIX, MAX_SPACES_PER_WORKER, TOKEN_PREFIX

MAX_DAYS: Final = 3650
MAX_OVERLAP_HOURS: Final = 30 * 24

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
    return _put(gateway, kind, credential)


def rotate_credential(
    gateway: Gateway, kind: Kind, credential_id: str, *, overlap_hours: float, created_by: str = ""
) -> Issued:
    """Make another secret for a token or key; the older ones stay good for the overlap.

    The id stays, so that a worker keeps its place. The new secret lives as long as the one that
    it replaces was to live from its own beginning. It is for those of its spaces that are left.

    Raises:
        NotFound: no token or key that is good has this id.
        InvalidInput: the overlap cannot be.
        UnknownSpace: none of its spaces is left.
    """
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        raise InvalidInput(f"overlap_hours must lie between 0 and {MAX_OVERLAP_HOURS}.")
    now = gateway.now()
    secrets = [each for each in secrets_of(gateway, kind, credential_id) if _is_good(each, now)]
    if not secrets:
        raise NotFound(f"There is no {kind} {credential_id[:40]!r} that is still good.")
    newest = max((each.credential for each in secrets), key=lambda each: each.created_at)
    now = max(now, newest.created_at + 1)  # clocks differ; the newest is known by its time
    expires_at = None if newest.expires_at is None else now + newest.expires_at - newest.created_at
    newer = replace(
        newest,
        spaces=_left_of(gateway, newest),
        created_at=now,
        created_by=created_by,
        expires_at=expires_at,
    )
    issued = _put(gateway, kind, newer)
    for digest, _ in secrets:
        _end(store_of(gateway, kind), digest, now=now, overlap=round(overlap_hours * DAY / 24))
    return issued


def _end(store: CredentialStore, digest: str, *, now: int, overlap: int) -> None:
    """Let a secret end after the overlap; without one at once, whatever another's clock says."""
    if overlap:
        store.replace_by_another(digest, now=now, good_until=now + overlap)
    else:
        store.revoke(digest, now)


def secrets_of(gateway: Gateway, kind: Kind, credential_id: str) -> list[KeptCredential]:
    """Return all secrets of one token or key.

    Raises:
        NotFound: there is none.
    """
    kept = store_of(gateway, kind).list()
    found = [each for each in kept if each.credential.credential_id == credential_id]
    if not found:
        raise NotFound(f"There is no {kind} {credential_id[:40]!r}.")
    return found


def _is_good(kept: KeptCredential, now: int) -> bool:
    return kept.credential.is_good(now)


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


def _left_of(gateway: Gateway, credential: Credential) -> frozenset[str]:
    """Return the spaces that a credential was made for and that are there still.

    One that is being deleted is as good as gone: its tokens and keys may be withdrawn already.
    """
    found = [gateway.spaces.definition(space_id) for space_id in credential.spaces]
    left = frozenset(
        definition.space_id
        for definition in found
        if definition is not None
        and not definition.deleting
        and not definition.is_later_than(credential.created_at)
    )
    if not left:
        raise UnknownSpace("None of its spaces is left; make another one for those that are.")
    return left


def _put(gateway: Gateway, kind: Kind, credential: Credential) -> Issued:
    prefix = TOKEN_PREFIX if kind == "token" else KEY_PREFIX
    secret = prefix + gateway.random_text() + gateway.random_text()
    store_of(gateway, kind).put(digest_of(secret), credential)
    gateway.report(f"{kind}_issued", id=credential.credential_id, spaces=sorted(credential.spaces))
    return Issued(secret, credential)
