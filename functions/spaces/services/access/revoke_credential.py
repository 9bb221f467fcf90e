"""Revokes a worker token or API key permanently."""

from spaces.services.access.find_secrets import find_secrets, read_secrets
from spaces.services.access.issue_credential import Kind, store_of
from spaces.services.ports.gateway import Gateway


def revoke_credential(gateway: Gateway, kind: Kind, credential_id: str) -> None:
    """Revoke all secrets of a token or key. Safe to repeat.

    The id is closed first and returns its secrets. A concurrent rotation is either among them, or
    finds the id closed and undoes itself.

    Raises:
        NotFound: No token or key has this id.
    """
    store, now = store_of(gateway, kind), gateway.now()
    secrets = find_secrets(gateway, kind, credential_id)
    known = {digest for digest, _ in secrets}
    late = store.lineages.revoke(credential_id, now) - known
    for digest, credential in secrets + read_secrets(store, late):
        if credential.revoked_at is None:
            store.revoke(digest, now)
