"""Deletes a space: what waits and runs there ends properly first."""

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
    """End what waits and runs as CANCELLED, then forget the definition; safe to repeat.

    Tokens and keys that were for this space alone are revoked; the others lose it. The queue
    stays, closed, so that tickets of a later space of the name never repeat; results that are
    there stay readable until they expire.

    Raises:
        EditConflict: the space has been edited since the version.
        UnknownSpace: there is none.
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
        withdrawn: list[str] = []
        if not left and queue.closed_at is not None:
            withdrawn = revoke_space_access(gateway, definition, queue.closed_at)
            _dismiss_workers(gateway, definition)
            gateway.spaces.remove(definition)
        change.after = {"cancelled": cancelled, "left": left, "withdrawn": withdrawn}
    return DeletedSpace(cancelled=cancelled, left=left)


def _begin(gateway: Gateway, definition: Definition, version: int) -> Definition:
    """Mark the definition, so that the space takes nothing any more; once is enough."""
    if definition.deleting:
        return definition
    leaving = replace(definition, deleting=True, disabled=True, version=definition.version + 1)
    if not gateway.spaces.edit(leaving, of_version=version):
        raise conflict(find_definition(gateway, definition.space_id))
    return leaving


def _close(gateway: Gateway, definition: Definition, queue: Queue) -> Queue:
    """Close the queue for new tickets, unless a later space of the name has it by now."""
    if queue.closed_at is not None or _is_later(queue, definition):
        return queue
    limits = replace(queue.limits, version=definition.version)
    return replace(queue, closed_at=gateway.now(), limits=limits)


def _dismiss_workers(gateway: Gateway, definition: Definition) -> None:
    """Let its workers register anew: they are told that the space is gone."""

    def decide(queue: Queue) -> Queue:
        return queue if _is_later(queue, definition) else replace(queue, workers={})

    queue = read_queue(gateway, definition.space_id)
    for place in queue.workers.values():
        gateway.sockets.post(place.connection_id, Check())
    apply_change(gateway, definition.space_id, decide, queue=queue)


def _is_later(queue: Queue, definition: Definition) -> bool:
    """Tell whether the queue is a later space's of the name: another call has finished."""
    return queue.limits.version > definition.version
