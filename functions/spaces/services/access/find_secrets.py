"""All secrets of one worker token or API key."""

import re
from typing import Final

from spaces.domain.errors import NotFound
from spaces.services.access.issue_credential import Kind, store_of
from spaces.services.ports.access_stores import CredentialStore, KeptCredential
from spaces.services.ports.gateway import Gateway

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def find_secrets(gateway: Gateway, kind: Kind, credential_id: str) -> list[KeptCredential]:
    """Return all secrets of one token or key as they are now.

    Which ones there are is known by the id's own item. The index, which may be a moment old, adds
    those that a function stored before it died, and that nobody was told.

    Raises:
        NotFound: there is none.
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
        store.lineages.forget(credential_id, gone)
    return secrets


def read_secrets(store: CredentialStore, digests: frozenset[str]) -> list[KeptCredential]:
    """Read secrets one by one; those that are kept no more are left out."""
    found = [(digest, store.find(digest)) for digest in sorted(digests)]
    return [KeptCredential(digest, kept) for digest, kept in found if kept is not None]


def _unknown(kind: Kind, credential_id: str) -> NotFound:
    return NotFound(f"There is no {kind} {credential_id[:40]!r}.")
