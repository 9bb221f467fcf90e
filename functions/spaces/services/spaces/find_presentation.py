"""Finds what people read about a space."""

from typing import Final

from spaces.domain.space import Definition
from spaces.services.ports.gateway import Gateway
from spaces.services.ports.presentation_store import Presentation

_NONE: Final = Presentation()


def find_presentation(
    gateway: Gateway, definition: Definition, *, consistent: bool = False
) -> Presentation:
    """Return the presentation of a space; an empty one if it has none."""
    if definition.presentation is None:
        return _NONE
    named = definition.space_id, definition.presentation
    found = gateway.presentations.find(*named, consistent=consistent)
    if found is None and not consistent:  # it may be new
        found = gateway.presentations.find(*named, consistent=True)
    return found or _NONE
