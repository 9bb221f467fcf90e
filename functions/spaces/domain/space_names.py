"""Which names a space can have."""

import re
from typing import Final

from spaces.domain.errors import UnknownSpace
from spaces_protocol.limits import SPACE_PATTERN

SPACE_NAMES: Final = re.compile(SPACE_PATTERN)


def check_name(space_id: str) -> str:
    """Return the name if it is a valid name for a space.

    Raises:
        UnknownSpace: It is not, so no such space exists.
    """
    if not SPACE_NAMES.match(space_id):
        raise unknown_space(space_id)
    return space_id


def unknown_space(space_id: str) -> UnknownSpace:
    """Return the error for a space that does not exist or is hidden from the caller."""
    return UnknownSpace(
        f"The space {space_id[:60]!r} does not exist, or you do not have access to it. If it is "
        "not public, sign in or use an API key."
    )
