"""Revokes what a deleted space would leave to a new space of the same name."""

from typing import get_args

from spaces.domain.space import Definition
from spaces.services.access.issue_credential import Kind, store_of
from spaces.services.files.store_example_files import remove_example_files
from spaces.services.ports.declaration_store import Declaration
from spaces.services.ports.gateway import Gateway


def revoke_space_access(gateway: Gateway, definition: Definition, closed_at: int) -> list[str]:
    """Revoke the space's tokens and keys, and remove its declaration, presentation and cover image.

    Otherwise workers and programs of the deleted space would have access to the next space that
    gets its name. Safe to repeat.

    Args:
        gateway: Access to the outside.
        definition: The definition of the deleted space.
        closed_at: When the space was closed; credentials issued later belong to another space.

    Returns:
        The ids of the tokens and keys.
    """
    revoked: list[str] = []
    for kind in get_args(Kind):
        revoked += _revoke(gateway, kind, definition.space_id, closed_at)
    declared = gateway.declarations.find(definition.space_id)
    if declared != Declaration():
        remove_example_files(gateway, definition.space_id, declared.examples)
        gateway.declarations.declare(definition.space_id, Declaration())
    if definition.presentation is not None:
        gateway.presentations.remove(definition.space_id, definition.presentation)
    if definition.cover is not None:
        gateway.files.remove([definition.cover])
    return list(dict.fromkeys(revoked))


def _revoke(gateway: Gateway, kind: Kind, space_id: str, closed_at: int) -> list[str]:
    """Remove the space from every token and key; revoke those for this space alone."""
    store = store_of(gateway, kind)
    revoked: list[str] = []
    for digest, credential in store.list():
        if space_id not in credential.spaces or credential.created_at > closed_at:
            continue
        revoked.append(credential.credential_id)
        others = credential.spaces - {space_id}
        if others:
            store.narrow(digest, others)
        elif credential.revoked_at is None:
            store.revoke(digest, gateway.now())
    return revoked
