"""The headers of a call."""

from typing import Any


def headers_of(event: dict[str, Any]) -> dict[str, str]:
    """Return the headers of a call, by name in lower case: their case differs between sources."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}
