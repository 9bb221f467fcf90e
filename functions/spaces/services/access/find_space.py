"""Finds a space for a caller; one that the caller may not use is as good as none."""

from spaces.domain.access.caller import Caller
from spaces.domain.space_names import check_name, unknown_space
from spaces.domain.visibility import may_use
from spaces.services.ports.gateway import Gateway, Space


def find_space(gateway: Gateway, space_id: str, caller: Caller | None) -> Space:
    """Read a space that the caller may use.

    Args:
        caller: None is the gateway itself, which may use all.

    Raises:
        UnknownSpace: there is none, or not for this caller; the answer does not tell which.
    """
    space = gateway.spaces.load(check_name(space_id))
    if space is None or space.definition.deleting:
        raise unknown_space(space_id)
    if caller is not None and not may_use(space.definition, caller):
        raise unknown_space(space_id)
    return space
