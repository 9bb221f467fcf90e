"""Which names and titles a space can have, and their order."""

import re
import unicodedata
from typing import Final

from spaces.domain.errors import UnknownSpace
from spaces_protocol.limits import SPACE_PATTERN

SPACE_NAMES: Final = re.compile(SPACE_PATTERN)
_DIGITS: Final = re.compile("([0-9]+)")


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
        f"The space {space_id[:60]!r} does not exist, or you do not have access to it. Check its "
        "name. If it is not public, sign in, or use an API key that names it."
    )


def natural_order(space_id: str) -> list[str | int]:
    """Return a key that sorts page-2 before page-10."""
    return [int(each) if each.isdecimal() else each for each in _DIGITS.split(space_id)]


def one_line(title: str) -> str:
    """Return a title in one line; an empty text if nothing in it can be seen."""
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in title)
    seen = any(unicodedata.category(c)[0] not in "CZ" for c in plain)
    return " ".join(plain.split()) if seen else ""
