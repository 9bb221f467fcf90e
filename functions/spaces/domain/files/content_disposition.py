"""The Content-Disposition header, with file names that strangers choose."""

import unicodedata
from pathlib import PurePosixPath
from typing import Final, Literal
from urllib.parse import quote

_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-")
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Control and format characters, including those that reverse the writing direction."""

_LONGEST: Final = 120
_LONGEST_EXTENSION: Final = 12


def content_disposition(kind: Literal["inline", "attachment"], name: str) -> str:
    """Return the header value with the name twice: in ASCII for old clients, and in full.

    Source: RFC 6266, section 4.3 and appendix D; RFC 8187 for the second form.
    """
    seen = _shortened("".join(c for c in name if unicodedata.category(c) not in _UNSEEN)) or "file"
    plain = "".join(c if c in _PLAIN else "_" for c in seen)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(seen, safe='')}"


def _shortened(name: str) -> str:
    """Return a name short enough for a URL that encodes it twice; the extension stays."""
    if len(name) <= _LONGEST:
        return name
    extension = PurePosixPath(name).suffix[:_LONGEST_EXTENSION]
    return name[: _LONGEST - len(extension)] + extension
