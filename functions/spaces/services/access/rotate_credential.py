"""Issues a new secret for a worker token or API key and ends the older ones."""

from typing import Final

from msgspec.structs import replace

from spaces.domain.access.credential import Credential
from spaces.domain.access.quota import DAY
from spaces.domain.errors import InvalidInput, UnknownSpace
from spaces.services.access.find_secrets import find_secrets
from spaces.services.access.issue_credential import (
    Issued,
    Kind,
    no_valid_secret,
    store_of,
    store_secret,
)
from spaces.services.ports.access_stores import CredentialStore
from spaces.services.ports.gateway import Gateway

MAX_OVERLAP_HOURS: Final = 30 * 24


def rotate_credential(
    gateway: Gateway, kind: Kind, credential_id: str, *, overlap_hours: float, created_by: str = ""
) -> Issued:
    """Issue a new secret for a token or key; the older ones stay valid for the overlap.

    The id does not change, so a worker keeps its place. The new secret has the same lifetime as
    the one it replaces, and is valid for those of its spaces that still exist.

    Raises:
        NotFound: No valid token or key has this id.
        InvalidInput: The overlap is out of range.
        UnknownSpace: None of its spaces exists any longer.
    """
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        raise InvalidInput(f"overlap_hours must be between 0 and {MAX_OVERLAP_HOURS}.")
    now = gateway.now()
    kept = find_secrets(gateway, kind, credential_id)
    secrets = [each for each in kept if each.credential.is_valid(now)]
    if not secrets:
        raise no_valid_secret(kind, credential_id)
    newest = max((each.credential for each in secrets), key=lambda each: each.created_at)
    now = max(now, newest.created_at + 1)  # clocks differ; the newest secret is found by its time
    expires_at = None if newest.expires_at is None else now + newest.expires_at - newest.created_at
    newer = replace(
        newest,
        spaces=_remaining_spaces(gateway, newest),
        created_at=now,
        created_by=created_by,
        expires_at=expires_at,
    )
    issued = store_secret(gateway, kind, newer)
    for digest, _ in secrets:
        _end(store_of(gateway, kind), digest, now=now, overlap=round(overlap_hours * DAY / 24))
    return issued


def _end(store: CredentialStore, digest: str, *, now: int, overlap: int) -> None:
    """End a secret after the overlap; without one at once, whatever other clocks say."""
    if overlap:
        store.replace_by_another(digest, now=now, good_until=now + overlap)
    else:
        store.revoke(digest, now)


def _remaining_spaces(gateway: Gateway, credential: Credential) -> frozenset[str]:
    """Return those spaces of a credential that still exist.

    A space that is being deleted does not count: its tokens and keys may be revoked already.
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
        raise UnknownSpace(
            "None of its spaces exists any longer. Create a new one for other spaces."
        )
    return left
