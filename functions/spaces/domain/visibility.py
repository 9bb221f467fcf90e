"""Who may see a space and submit to it."""

from typing import Literal

from spaces.domain.caller import Caller, Key, User
from spaces.domain.space import Definition

Visibility = Literal["public", "members", "private"]


def may_use(definition: Definition, caller: Caller) -> bool:
    """Tell whether a caller may see a space and submit to it.

    A key may use what its scope names and nothing else. Administrators may use every space: they
    could let themselves in anyway.
    """
    if isinstance(caller, Key):
        return definition.space_id in caller.spaces
    if definition.visibility == "public":
        return True
    if not isinstance(caller, User):
        return False
    if definition.visibility == "members" or caller.is_administrator:
        return True
    return caller.name in definition.members
