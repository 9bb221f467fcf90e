"""Creates a space with an empty queue."""

from spaces.domain.errors import InvalidInput, SpaceExists
from spaces.domain.space import Definition
from spaces.services.change_queue import SPACE_NAMES
from spaces.services.gateway import Gateway
from spaces_protocol.limits import MAX_FILE_BYTES, MAX_FILES


def create_space(gateway: Gateway, definition: Definition) -> None:
    """Store a new space; of several with one name at the same moment, one wins.

    Raises:
        InvalidInput: the name or a limit cannot be.
        SpaceExists: the name is taken.
    """
    if not SPACE_NAMES.match(definition.space_id):
        raise InvalidInput(
            f"{definition.space_id[:60]!r} cannot be a space's name: use 1 to 48 of a-z, 0-9 "
            "and -, with no - at either end."
        )
    _check_limits(definition)
    if not gateway.spaces.create(definition):
        raise SpaceExists(f"There is a space {definition.space_id!r} already.")
    gateway.report("space_created", space=definition.space_id)


def _check_limits(definition: Definition) -> None:
    day = 24 * 3600 * 1000
    bounds = {
        "timeout_seconds": (definition.timeout, 1_000, day // 24),
        "queue_timeout_seconds": (definition.queue_timeout, 1_000, day),
        "max_files": (definition.max_files, 1, MAX_FILES),
        "max_file_bytes": (definition.max_file_bytes, 1, MAX_FILE_BYTES),
        "max_workers": (definition.max_workers, 1, 20),
        "max_queue_length": (definition.max_queue_length, 1, 1_000_000),
    }
    for name, (value, least, most) in bounds.items():
        if not least <= value <= most:
            unit = 1_000 if name.endswith("_seconds") else 1
            raise InvalidInput(f"{name} must lie between {least // unit} and {most // unit}.")
