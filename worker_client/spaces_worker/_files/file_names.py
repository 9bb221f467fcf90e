"""File names and types that are safe on disk, in the protocol and for downloads."""

import mimetypes
import re
from pathlib import PurePath, PurePosixPath
from types import MappingProxyType
from typing import Final

from spaces_protocol.fields import NAME_OF_TYPE
from spaces_protocol.limits import MAX_FILE_NAME_CHARS
from spaces_worker._text import clean_text

UNKNOWN_TYPE: Final = "application/octet-stream"

_MAX_SUFFIX_CHARS: Final = 12
_DIGITS: Final = re.compile(r"([0-9]{1,30})")
_TYPE: Final = re.compile(rf"{NAME_OF_TYPE}/{NAME_OF_TYPE}( *;[ -~]*)?")
_PLAYLISTS: Final = frozenset(
    (".asx", ".cue", ".ffconcat", ".m3u", ".m3u8", ".mpd", ".pls", ".sdp", ".strm", ".wpl", ".xspf")
)
_SIGNATURES: Final = (
    (rb"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (rb"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (rb"GIF8[79]a", "image/gif", ".gif"),
    (rb"RIFF....WEBP", "image/webp", ".webp"),
    (rb"RIFF....WAVE", "audio/wav", ".wav"),
    (rb"ID3|\xff[\xf2\xf3\xfb]", "audio/mpeg", ".mp3"),
    (rb"OggS", "audio/ogg", ".ogg"),
    (rb"fLaC", "audio/flac", ".flac"),
    (rb"....ftyp", "video/mp4", ".mp4"),
    (rb"\x1aE\xdf\xa3", "video/webm", ".webm"),
    (rb"%PDF-", "application/pdf", ".pdf"),
    (rb"PK\x03\x04", "application/zip", ".zip"),
)
"""First bytes of the file types that models produce most ("List of file signatures")."""

_ENDINGS: Final = MappingProxyType(
    {
        **{content_type: ending for _, content_type, ending in _SIGNATURES},
        "audio/aac": ".aac",
        "audio/mp3": ".mp3",
        "audio/mp4": ".m4a",
        "audio/opus": ".opus",
        "audio/vnd.wave": ".wav",
        "audio/wave": ".wav",
        "audio/webm": ".webm",
        "audio/x-flac": ".flac",
        "audio/x-m4a": ".m4a",
        "audio/x-wav": ".wav",
        "image/avif": ".avif",
        "image/heic": ".heic",
        "image/jpg": ".jpg",
        "model/gltf-binary": ".glb",
        "text/markdown": ".md",
        "video/quicktime": ".mov",
        "video/x-matroska": ".mkv",
    }
)
"""Extensions of types that some versions of Python do not know, or only under another name."""


def local_name(number: int, name: str) -> str:
    """Return the local name of a user's file; only its extension is kept.

    That of a playlist is not: a playlist names files of this machine, and programs open them.
    """
    suffix = PurePosixPath(name).suffix
    fit = re.fullmatch(r"\.[A-Za-z0-9]+", suffix) and len(suffix) <= _MAX_SUFFIX_CHARS
    fit = fit and suffix.lower() not in _PLAYLISTS
    return f"input-{number}{suffix if fit else ''}"


def natural_order(path: PurePath) -> tuple[list[list[str | int]], PurePath]:
    """Return a key that sorts page-2 before page-10."""
    return [_words_and_numbers(part) for part in path.parts], path


def _words_and_numbers(name: str) -> list[str | int]:
    words = _DIGITS.split(name.casefold())
    return [int(each) if each.isascii() and each.isdecimal() else each for each in words]


def valid_type(content_type: str | None) -> str | None:
    """Return a content type unchanged; None if it is not one, such as one with a line break."""
    return content_type if content_type and _TYPE.fullmatch(content_type) else None


def wire_name(name: str) -> str:
    """Return a name that the protocol accepts: no path, no control characters, not too long."""
    clean = re.sub(r"[/\\\x00-\x1f\x7f]", "_", clean_text(name)) or "file"
    if len(clean) <= MAX_FILE_NAME_CHARS:
        return clean
    suffix = PurePosixPath(clean).suffix[:_MAX_SUFFIX_CHARS]
    return clean[: MAX_FILE_NAME_CHARS - len(suffix)] + suffix


def type_of_name(name: str) -> str | None:
    """Return the content type for the extension of a name."""
    content_type, encoding = mimetypes.guess_type(name)
    return content_type if encoding is None else None


def ending_of_type(content_type: str) -> str:
    """Return the usual extension of a content type, including the dot; empty if there is none."""
    kind = content_type.partition(";")[0].strip().lower()
    return _ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ""


def kind_of(begin: bytes) -> tuple[str, str] | None:
    """Return content type and extension, judging by the first bytes of a file."""
    for pattern, content_type, suffix in _SIGNATURES:
        if re.match(pattern, begin, re.DOTALL):
            return content_type, suffix
    return None
