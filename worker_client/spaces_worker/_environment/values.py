"""Values as people write them, and URLs as they may be shown."""

import re
from typing import Final

_QUOTES: Final = ('""', "''", "\u201c\u201d", "\u2018\u2019")
"""Straight and typographic quotes."""
_HOST_AND_PORT: Final = re.compile(r"(\[[^\]]*\]|[^:]*)(:\d*)?")


def unquoted(text: str) -> str:
    """Return a value without the spaces and the pair of quotes around it.

    ``docker --env-file`` and ``set`` of Windows keep quotes that a shell removes.
    """
    value = text.strip()
    if len(value) > 1 and value[0] + value[-1] in _QUOTES:
        value = value[1:-1].strip()
    return value


def shown_url(url: str) -> str:
    """Return a URL for a log or a terminal, without what may be a secret: user info and query."""
    scheme, separator, rest = url.partition("://") if "://" in url else ("", "", url)
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    hidden = ""
    if "@" in authority:
        hidden = "***@"
        rest = rest[authority.rindex("@") + 1 :]
    elif "@" in rest and not _HOST_AND_PORT.fullmatch(authority):
        hidden = "***@"  # a password with a / that should have been %2F
        rest = rest.rpartition("@")[2]
    path, query = re.fullmatch(r"([^?#]*)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]  # always matches
    return f"{scheme}{separator}{hidden}{path}{'?…' if len(query) > 1 else ''}"
