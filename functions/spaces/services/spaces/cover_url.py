"""Where the picture of a space is seen."""

from typing import Final

from spaces.domain.space import Definition
from spaces.services.ports.gateway import Gateway

WORKS_SECONDS: Final = 3600


def cover_url(gateway: Gateway, definition: Definition) -> str | None:
    """Return a signed address of a space's picture; None if it has none."""
    if definition.cover is None:
        return None
    return gateway.files.address(definition.cover, seconds=WORKS_SECONDS)
