"""Takes away what a deleted space would leave to a later space of its name."""

from typing import get_args

from spaces.domain.space import Definition
from spaces.services.access.issue_credential import Kind, store_of
from spaces.services.ports.gateway import Gateway


def revoke_space_access(gateway: Gateway, definition: Definition, closed_at: int) -> list[str]:
    """Withdraw the space's tokens and keys, its declared parameters and its picture.

    Otherwise the workers and programs of the earlier space would be let into the next one that is
    given its name. Safe to repeat.

    Args:
        closed_at: when the space was closed; what was issued later is for another one.

    Returns:
        Ids of the tokens and keys.
    """
    withdrawn: list[str] = []
    for kind in get_args(Kind):
        withdrawn += _withdraw(gateway, kind, definition.space_id, closed_at)
    if gateway.params.find(definition.space_id) is not None:
        gateway.params.declare(definition.space_id, None)
    if definition.cover is not None:
        gateway.files.remove([definition.cover])
    return list(dict.fromkeys(withdrawn))


def _withdraw(gateway: Gateway, kind: Kind, space_id: str, closed_at: int) -> list[str]:
    """Let no token or key be good for the space; one that was for nothing else is revoked."""
    store = store_of(gateway, kind)
    withdrawn: list[str] = []
    for digest, credential in store.list():
        if space_id not in credential.spaces or credential.created_at > closed_at:
            continue
        withdrawn.append(credential.credential_id)
        others = credential.spaces - {space_id}
        if others:
            store.narrow(digest, others)
        elif credential.revoked_at is None:
            store.revoke(digest, gateway.now())
    return withdrawn
