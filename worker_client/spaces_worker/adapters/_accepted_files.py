"""Which of the user's files a program takes, by their declared types and first bytes.

Programs for media also read text: ffmpeg a playlist, tesseract a list of images. They open the
files of this machine that it names, and their content becomes part of the answer.
"""

import codecs
import functools
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from spaces_worker._errors import SettingsError, UserError

_BEGIN_BYTES: Final = 10
"""As long as the header of an ID3v2 tag."""
_MAX_TAGS: Final = 100
_TYPE: Final = re.compile(r"[a-z0-9.+-]+/(\*|[a-z0-9.+-]+)")
_SVG: Final = "image/svg+xml"
_MEDIA: Final = ("image/", "audio/", "video/")
_TEXT: Final = re.compile(rb"[\t\n\r\x20-\x7e]{1,4}")
_SIGNATURES: Final = re.compile(
    rb"BM|FORM|FRM8|GIF8|ID3|MAC |MP\+|MPCK|MThd|OggS|P[1-7]\s|RF64|RIFF|RIFX|TTA1|YUV4"
    rb"|\.RMF|\.snd|8BPS|AT&T|DDS |DKIF|DSD |FLV|caff|fLaC|qoif|wvpk|#!AMR|#!SILK|#\?RAD"
)
"""First bytes of media formats that look like text ("List of file signatures")."""


class AcceptedFiles:
    """The files that a program takes.

    Args:
        types: media types such as ``image/*`` or ``image/png``; None for all. SVG is text, and is
            taken only if its type is named in full.

    Raises:
        SettingsError: one of them is not a media type.
    """

    def __init__(self, types: Sequence[str] | None = None) -> None:
        self._types = None if types is None else [each.strip().lower() for each in types]
        for each in self._types or ():
            if not _TYPE.fullmatch(each):
                raise SettingsError(f"--accept: {each!r} is not a media type, such as image/*.")

    def check(self, name: str, content_type: str, path: Path) -> None:
        """Raise unless the program takes a file.

        Args:
            name: the file name given by the sender.
            content_type: the content type given by the sender.
            path: where it is.

        Raises:
            UserError: it does not.
        """
        kind = content_type.partition(";")[0].strip().lower()
        named = self._types is not None and kind in self._types
        if self._types is not None and not named and f"{kind.split('/')[0]}/*" not in self._types:
            raise UserError(
                f"{name} is {kind}; send a file of one of these types: {', '.join(self._types)}.",
                error_type="invalid_file",
            )
        may_be_text = named and kind == _SVG
        if kind.startswith(_MEDIA) and not may_be_text and _is_text(_begin_of(path)):
            raise UserError(
                f"{name} is not an image, audio or video file.", error_type="invalid_file"
            )


def _begin_of(path: Path) -> bytes:
    """Return the first bytes of a file, after the tags (ID3v2) that programs skip."""
    with path.open("rb") as file:
        for _ in range(_MAX_TAGS):
            begin = file.read(_BEGIN_BYTES)
            if not begin.startswith(b"ID3") or len(begin) < _BEGIN_BYTES:
                return begin
            size = functools.reduce(lambda high, low: high << 7 | low & 0x7F, begin[6:], 0)
            footer = _BEGIN_BYTES if begin[5] & 0x10 else 0
            file.seek(size + footer, os.SEEK_CUR)
    return b" "  # no program writes so many tags: treated as text


def _is_text(begin: bytes) -> bool:
    begin = begin.removeprefix(codecs.BOM_UTF8)
    return _TEXT.fullmatch(begin[:4]) is not None and _SIGNATURES.match(begin) is None
