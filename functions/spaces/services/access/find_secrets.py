"""All secrets of one worker token or API key."""

import re
from typing import Final

from spaces.domain.errors import NotFound
from spaces.services.access.issue_credential import Kind, store_of
from spaces.services.ports.access_stores import CredentialStore, StoredCredential
from spaces.services.ports.gateway import Gateway

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def find_secrets(gateway: Gateway, kind: Kind, credential_id: str) -> list[StoredCredential]:
    """Return all secrets of one token or key, read consistently.

    The item of the id lists them. The index, which is eventually consistent, adds secrets that a
    function stored just before it crashed and never returned.

    Raises:
        NotFound: No token or key has this id.
    """
    store = store_of(gateway, kind)
    if not _ID.fullmatch(credential_id):
        raise _unknown(kind, credential_id)
    counted = store.lineages.digests(credential_id)
    listed = {digest for digest, found in store.list() if found.credential_id == credential_id}
    secrets = read_secrets(store, counted | listed)
    if not secrets:
        raise _unknown(kind, credential_id)
    gone = counted - {digest for digest, _ in secrets}
    if gone:
        store.lineages.remove(credential_id, gone)
    return secrets


def read_secrets(store: CredentialStore, digests: frozenset[str]) -> list[StoredCredential]:
    """Read secrets one by one, skipping those that no longer exist."""
    found = [(digest, store.find(digest)) for digest in sorted(digests)]
    return [StoredCredential(digest, kept) for digest, kept in found if kept is not None]


def _unknown(kind: Kind, credential_id: str) -> NotFound:
    return NotFound(f"No {kind} has the id {credential_id[:40]!r}.")
