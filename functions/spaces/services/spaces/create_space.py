"""Creates a space with an empty queue."""

from msgspec.structs import replace

from spaces.domain.errors import InvalidInput, SpaceExists
from spaces.domain.space import Definition
from spaces.domain.space_names import SPACE_NAMES
from spaces.services.dispatch.sync_limits import sync_limits
from spaces.services.ports.gateway import Gateway


def create_space(gateway: Gateway, definition: Definition) -> Definition:
    """Store a new space; of several with one name at the same moment, one wins.

    The queue of a deleted space of the name is used again, so that no ticket is issued twice. The
    new one is younger than that deletion, so what was made for the earlier one is older.

    Raises:
        InvalidInput: the name cannot be.
        SpaceExists: the name is taken.
    """
    if not SPACE_NAMES.match(definition.space_id):
        raise InvalidInput(
            f"{definition.space_id[:60]!r} cannot be a space's name: use 1 to 48 of a-z, 0-9 "
            "and -, with no - at either end."
        )
    queue = gateway.spaces.read_queue(definition.space_id)
    if queue is not None:
        created_at = max(definition.created_at, (queue.closed_at or 0) + 1)
        definition = replace(definition, version=queue.limits.version + 1, created_at=created_at)
    if not gateway.spaces.create(definition):
        raise SpaceExists(f"There is a space {definition.space_id!r} already.")
    if queue is not None:
        sync_limits(gateway, definition)
    gateway.log_event("space_created", space=definition.space_id)
    return definition
