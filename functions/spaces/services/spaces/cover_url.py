"""The URL of a space's cover image."""

from typing import Final

from spaces.domain.space import Definition
from spaces.services.ports.gateway import Gateway

URL_SECONDS: Final = 3600


def cover_url(gateway: Gateway, definition: Definition) -> str | None:
    """Return a presigned URL of a space's cover image; None if it has none."""
    if definition.cover is None:
        return None
    return gateway.files.download_url(definition.cover, seconds=URL_SECONDS)
