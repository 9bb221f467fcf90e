"""Who may see a space and submit to it."""

from typing import Literal

from spaces.domain.access.caller import Caller, Key, User
from spaces.domain.space import Definition

Visibility = Literal["public", "members", "private"]


def may_use(definition: Definition, caller: Caller) -> bool:
    """Tell whether a caller may see a space and submit to it.

    A key may use only the spaces in its scope, and no newer space that reuses a name.
    Administrators may use every space, because they could grant themselves access anyway.
    """
    if isinstance(caller, Key):
        is_later = definition.is_later_than(caller.made_at)
        return definition.space_id in caller.spaces and not is_later
    if definition.visibility == "public":
        return True
    if not isinstance(caller, User):
        return False
    if definition.visibility == "members" or caller.is_administrator:
        return True
    return caller.name in definition.members
