"""Copies what dispatch must know of a definition into its queue."""

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue
from spaces.domain.space import Definition
from spaces.services.dispatch.change_queue import change_queue
from spaces.services.ports.gateway import Gateway


def is_behind(definition: Definition, queue: Queue) -> bool:
    """Tell whether a queue has not heard of the definition's last edit."""
    return definition.version > queue.limits.version


def sync_limits(gateway: Gateway, definition: Definition, queue: Queue | None = None) -> Queue:
    """Bring a queue up to its definition, and open it if an earlier space of the name closed it.

    Who edits a definition does so next. Should that fail, whoever sees the two apart (a submit, a
    register) makes up for it: both are read together anyway. A definition that is older than
    what the queue knows changes nothing.
    """

    def decide(queue: Queue) -> Queue:
        if not is_behind(definition, queue):
            return queue
        return replace(queue, limits=definition.dispatch_limits(), closed_at=None)

    return change_queue(gateway, definition.space_id, decide, queue=queue)
