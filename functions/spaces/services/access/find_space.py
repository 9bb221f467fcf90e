"""Finds a space for a caller; hides spaces that the caller may not use."""

from spaces.domain.access.caller import Caller
from spaces.domain.space_names import check_name, unknown_space
from spaces.domain.visibility import may_use
from spaces.services.ports.gateway import Gateway, Space


def find_space(gateway: Gateway, space_id: str, caller: Caller | None) -> Space:
    """Read a space that the caller may use.

    Args:
        gateway: Access to the outside.
        space_id: The name of the space.
        caller: The caller; None for the gateway itself, which may use every space.

    Raises:
        UnknownSpace: The space does not exist or is hidden from the caller; the error does not
            reveal which.
    """
    space = gateway.spaces.load(check_name(space_id))
    if space is None or space.definition.deleting:
        raise unknown_space(space_id)
    if caller is not None and not may_use(space.definition, caller):
        raise unknown_space(space_id)
    return space
