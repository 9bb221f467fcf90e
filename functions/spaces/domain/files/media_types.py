"""Media types: which a pattern matches, and which a browser may display."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

UNKNOWN_TYPE: Final = "application/octet-stream"

TYPES_OF_FEATURES: Final = MappingProxyType(
    {"image": "image/*", "audio": "audio/*", "video": "video/*", "file": "*/*"}
)
"""The types that each feature accepts if the administrator lists none."""

INLINE_TYPES: Final = frozenset(
    {
        *("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"),
        *("audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/ogg", "audio/webm"),
        *("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/flac"),
        *("audio/x-flac", "video/mp4", "video/webm", "video/ogg", "video/quicktime"),
    }
)
"""Formats that cannot contain scripts; SVG, HTML, XML and PDF can."""


def essence(content_type: str) -> str:
    """Return a media type in lower case without its parameters; an empty one is unknown."""
    return content_type.partition(";")[0].strip().lower() or UNKNOWN_TYPE


def is_accepted(content_type: str, patterns: Iterable[str]) -> bool:
    """Tell whether a pattern (``image/png``, ``audio/*``, ``*/*``) matches this type."""
    kind = content_type.partition("/")[0]
    return any(pattern in (content_type, f"{kind}/*", "*/*") for pattern in patterns)


def is_inline(content_type: str) -> bool:
    """Tell whether a browser may display a file of this type in a page."""
    return content_type in INLINE_TYPES
