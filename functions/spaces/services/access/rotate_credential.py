"""Makes another secret for a worker token or API key, and lets the older ones end."""

from typing import Final

from msgspec.structs import replace

from spaces.domain.access.credential import Credential
from spaces.domain.access.quota import DAY
from spaces.domain.errors import InvalidInput, UnknownSpace
from spaces.services.access.find_secrets import find_secrets
from spaces.services.access.issue_credential import (
    Issued,
    Kind,
    no_longer_good,
    store_of,
    store_secret,
)
from spaces.services.ports.access_stores import CredentialStore
from spaces.services.ports.gateway import Gateway

MAX_OVERLAP_HOURS: Final = 30 * 24


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
    kept = find_secrets(gateway, kind, credential_id)
    secrets = [each for each in kept if each.credential.is_good(now)]
    if not secrets:
        raise no_longer_good(kind, credential_id)
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
    issued = store_secret(gateway, kind, newer)
    for digest, _ in secrets:
        _end(store_of(gateway, kind), digest, now=now, overlap=round(overlap_hours * DAY / 24))
    return issued


def _end(store: CredentialStore, digest: str, *, now: int, overlap: int) -> None:
    """Let a secret end after the overlap; without one at once, whatever another's clock says."""
    if overlap:
        store.replace_by_another(digest, now=now, good_until=now + overlap)
    else:
        store.revoke(digest, now)


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
