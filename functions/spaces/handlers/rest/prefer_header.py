"""The ``Prefer`` header (RFC 7240) with its preference ``wait``."""

import re
from typing import Final

from spaces_protocol.limits import MAX_WAIT_SECONDS

_PREFERENCE: Final = re.compile(r"""(?: "(?: [^"\\] | \\. )*" | [^",] )+""", re.VERBOSE)
"""Between two commas; a quoted text may have commas of its own."""
_MOST_CHARACTERS: Final = 500
"""A longer header is ignored: a text without its closing quote takes quadratic time."""
_WAIT: Final = re.compile(r'wait\s*=\s*(?:([0-9]{1,9})|"([0-9]{1,9})")\s*(?:;.*)?', re.IGNORECASE)


def preferred_wait(header: str | None) -> int | None:
    """Return how many seconds the caller prefers to wait, at most an hour; None if it does not say.

    Of several, the first counts. What cannot be read is ignored, as the standard requires.
    """
    if header is None or len(header) > _MOST_CHARACTERS:
        return None
    for preference in _PREFERENCE.findall(header):
        match = _WAIT.fullmatch(preference.strip())
        if match:
            return min(int(match[1] or match[2]), MAX_WAIT_SECONDS)
    return None
