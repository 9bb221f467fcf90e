"""Media types: which a pattern matches, and which a browser may display."""

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from spaces_protocol.fields import NAME_OF_TYPE

UNKNOWN_TYPE: Final = "application/octet-stream"

TYPES_OF_FEATURES: Final = MappingProxyType(
    {"image": "image/*", "audio": "audio/*", "video": "video/*", "file": "*/*"}
)
"""The types that each feature accepts if the administrator lists none."""

OTHER_NAMES: Final = MappingProxyType(
    {
        "image/jpeg": ("image/jpg", "image/pjpeg"),
        "image/png": ("image/x-png",),
        "image/heic": ("image/heif",),
        "image/bmp": ("image/x-bmp", "image/x-ms-bmp"),
        "image/tiff": ("image/tif", "image/x-tiff"),
        "image/vnd.microsoft.icon": ("image/x-icon", "image/ico"),
        "audio/wav": ("audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/x-pn-wav"),
        "audio/mpeg": (
            "audio/mp3",
            "audio/x-mp3",
            "audio/x-mpeg",
            "audio/mpeg3",
            "audio/x-mpeg-3",
            "audio/mpg",
            "audio/x-mpg",
        ),
        "audio/mp4": ("audio/x-m4a", "audio/m4a"),
        "audio/aac": ("audio/x-aac", "audio/aacp", "audio/x-hx-aac-adts", "audio/vnd.dlna.adts"),
        "audio/flac": ("audio/x-flac",),
        "audio/ogg": (
            "application/ogg",
            "audio/x-ogg",
            "audio/vorbis",
            "audio/opus",
            "audio/x-vorbis+ogg",
            "audio/x-opus+ogg",
        ),
        "audio/aiff": ("audio/x-aiff",),
        "audio/midi": ("audio/mid", "audio/x-midi"),
        "video/x-matroska": ("video/matroska", "video/mkv"),
        "video/x-msvideo": ("video/avi", "video/msvideo", "video/vnd.avi"),
        "video/mp4": ("application/mp4", "video/x-m4v"),
        "video/mpeg": ("video/mpg", "video/x-mpeg"),
        "video/3gpp": ("video/3gp",),
        "video/x-flv": ("video/flv",),
        "text/csv": (
            "application/csv",
            "text/x-csv",
            "text/comma-separated-values",
            "text/x-comma-separated-values",
        ),
        "text/markdown": ("text/x-markdown",),
        "text/javascript": ("application/javascript", "application/x-javascript"),
        "text/vcard": ("text/x-vcard", "text/directory"),
        "application/json": ("text/json", "application/x-json"),
        "application/xml": ("text/xml",),
        "application/yaml": ("text/yaml", "text/x-yaml", "application/x-yaml"),
        "application/rtf": ("text/rtf",),
        "application/pdf": ("application/x-pdf",),
        "application/zip": ("application/x-zip-compressed", "application/x-zip"),
        "application/gzip": ("application/x-gzip",),
        "application/x-7z-compressed": ("application/7z",),
        "application/vnd.rar": (
            "application/x-rar-compressed",
            "application/x-rar",
            "application/x-compressed",
        ),
    }
)
"""What browsers, systems and programs also call a type.

`web_static/scripts/files/media_types.js` has the same table. Sources: the aliases of the
freedesktop.org shared MIME database, and mime-db.
"""

MISNOMERS: Final = MappingProxyType(
    {
        "application/vnd.ms-excel": "text/csv",
        "application/msword": "application/rtf",
        "video/ogg": "audio/ogg",
        "video/webm": "audio/webm",
        "video/3gpp": "audio/3gpp",
    }
)
"""Types that systems also give to files of a second type, by their extension.

Windows with Excel calls a CSV file ``application/vnd.ms-excel``, and Firefox calls ``voice.ogg``
a video.
"""

INLINE_TYPES: Final = frozenset(
    {
        *("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"),
        *("audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/webm", "audio/wav"),
        *("audio/flac", "video/mp4", "video/webm", "video/ogg", "video/quicktime"),
    }
)
"""Formats that cannot contain scripts; SVG, HTML, XML and PDF can."""

_TYPE: Final = re.compile(rf"{NAME_OF_TYPE}/{NAME_OF_TYPE}")
_USUAL_NAMES: Final = MappingProxyType(
    {other: name for name, others in OTHER_NAMES.items() for other in others}
)


def essence(content_type: str) -> str:
    """Return a media type in lower case without its parameters.

    What is not a type, such as an empty text or one with control characters, is unknown.
    """
    bare = content_type.partition(";")[0].strip(" \t").lower()
    return bare if _TYPE.fullmatch(bare) else UNKNOWN_TYPE


def usual_name(content_type: str) -> str:
    """Return the usual name of a type: ``audio/wav`` for ``audio/x-wav``."""
    return _USUAL_NAMES.get(content_type, content_type)


def is_accepted(content_type: str, patterns: Iterable[str]) -> bool:
    """Tell whether a pattern (``image/png``, ``audio/*``, ``*/*``) matches this type.

    A type matches by each of its names.
    """
    usual = usual_name(content_type)
    names = {content_type, usual, MISNOMERS.get(usual, usual)}
    wanted = names | {f"{name.partition('/')[0]}/*" for name in names} | {"*/*"}
    return any(usual_name(pattern) in wanted for pattern in patterns)


def is_inline(content_type: str) -> bool:
    """Tell whether a browser may display a file of this type in a page."""
    return usual_name(content_type) in INLINE_TYPES
