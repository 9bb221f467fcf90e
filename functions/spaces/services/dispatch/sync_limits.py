"""Copies the settings that dispatch needs from a space's definition into its queue."""

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue
from spaces.domain.space import Definition
from spaces.services.dispatch.change_queue import apply_change
from spaces.services.ports.gateway import Gateway


def is_behind(definition: Definition, queue: Queue) -> bool:
    """Tell whether the queue still has limits from before the definition's last edit."""
    return definition.version > queue.limits.version


def sync_limits(gateway: Gateway, definition: Definition, queue: Queue | None = None) -> Queue:
    """Bring a queue up to date with its definition; reopen it if the space was deleted before.

    Called right after an edit. If that call fails, the next submit or register that notices the
    mismatch repairs it. A definition older than the queue's limits changes nothing.
    """

    def change(queue: Queue) -> Queue:
        if not is_behind(definition, queue):
            return queue
        return replace(queue, limits=definition.dispatch_limits(), closed_at=None)

    return apply_change(gateway, definition.space_id, change, queue=queue)
