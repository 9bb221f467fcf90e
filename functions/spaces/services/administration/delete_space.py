"""Deletes a space after ending its waiting and running requests."""

from functools import partial

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue
from spaces.domain.space import Definition
from spaces.services.administration.audited import audited
from spaces.services.administration.cancel_unfinished import cancel_unfinished, unfinished
from spaces.services.administration.edit_space import conflict, find_definition
from spaces.services.administration.revoke_space_access import revoke_space_access
from spaces.services.dispatch.change_queue import apply_change, read_queue
from spaces.services.ports.gateway import Gateway
from spaces_protocol.admin_bodies import DeletedSpace
from spaces_protocol.gateway_messages import Check


def delete_space(gateway: Gateway, space_id: str, version: int, who: str) -> DeletedSpace:
    """Cancel waiting and running requests, then delete the definition. Safe to repeat.

    Tokens and keys for this space alone are revoked; others lose access to it. The closed queue
    stays, so that tickets never repeat if the name is reused. Results stay readable until they
    expire.

    Raises:
        EditConflict: The space has been edited since this version.
        UnknownSpace: The space does not exist.
    """
    definition = find_definition(gateway, space_id)
    with audited(gateway, who, "delete_space", space_id) as change:
        definition = _begin(gateway, definition, version)
        queue = apply_change(gateway, space_id, partial(_close, gateway, definition))
        if _is_later(queue, definition):
            return DeletedSpace(cancelled=0, left=0)
        cancelled = cancel_unfinished(gateway, queue, unfinished(queue))
        queue = read_queue(gateway, space_id)
        left = len(unfinished(queue))
        revoked: list[str] = []
        if not left and queue.closed_at is not None:
            revoked = revoke_space_access(gateway, definition, queue.closed_at)
            _dismiss_workers(gateway, definition)
            gateway.spaces.remove(definition)
        change.after = {"cancelled": cancelled, "left": left, "withdrawn": revoked}
    return DeletedSpace(cancelled=cancelled, left=left)


def _begin(gateway: Gateway, definition: Definition, version: int) -> Definition:
    """Mark the definition as being deleted, so that the space accepts nothing."""
    if definition.deleting:
        return definition
    deleting = replace(definition, deleting=True, disabled=True, version=definition.version + 1)
    if not gateway.spaces.edit(deleting, of_version=version):
        raise conflict(find_definition(gateway, definition.space_id))
    return deleting


def _close(gateway: Gateway, definition: Definition, queue: Queue) -> Queue:
    """Close the queue to new tickets, unless a newer space of this name already uses it."""
    if queue.closed_at is not None or _is_later(queue, definition):
        return queue
    limits = replace(queue.limits, version=definition.version)
    return replace(queue, closed_at=gateway.now(), limits=limits)


def _dismiss_workers(gateway: Gateway, definition: Definition) -> None:
    """Make its workers register again, which tells them that the space is gone."""

    def decide(queue: Queue) -> Queue:
        return queue if _is_later(queue, definition) else replace(queue, workers={})

    queue = read_queue(gateway, definition.space_id)
    for place in queue.workers.values():
        gateway.sockets.post(place.connection_id, Check())
    apply_change(gateway, definition.space_id, decide, queue=queue)


def _is_later(queue: Queue, definition: Definition) -> bool:
    """Tell whether a newer space of this name uses the queue, so another call has finished."""
    return queue.limits.version > definition.version
