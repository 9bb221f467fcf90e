"""Creates a space with an empty queue."""

from msgspec.structs import replace

from spaces.domain.errors import InvalidInput, SpaceExists
from spaces.domain.space import Definition
from spaces.domain.space_names import SPACE_NAMES
from spaces.services.dispatch.sync_limits import sync_limits
from spaces.services.ports.gateway import Gateway


def create_space(gateway: Gateway, definition: Definition) -> Definition:
    """Store a new space. If several with the same name are created at once, one wins.

    The queue of a deleted space with this name is reused, so that no ticket is issued twice. The
    new space is dated after that deletion, so credentials of the deleted one are older than it.

    Raises:
        InvalidInput: The name is invalid.
        SpaceExists: The name is taken.
    """
    if not SPACE_NAMES.match(definition.space_id):
        raise InvalidInput(
            f"{definition.space_id[:60]!r} is not a valid name for a space. Use 1 to 48 of a-z, "
            "0-9 and -, without a - at either end."
        )
    queue = gateway.spaces.read_queue(definition.space_id)
    if queue is not None:
        created_at = max(definition.created_at, (queue.closed_at or 0) + 1)
        definition = replace(definition, version=queue.limits.version + 1, created_at=created_at)
    if not gateway.spaces.create(definition):
        raise SpaceExists(
            f"A space called {definition.space_id!r} already exists. Choose another name."
        )
    if queue is not None:
        sync_limits(gateway, definition)
    gateway.log_event("space_created", space=definition.space_id)
    return definition
