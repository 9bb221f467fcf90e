"""Recognises text that its sender declares as an image, a sound or a video.

Programs for media also read text: ffmpeg a playlist, tesseract a list of images. They open the
files of this machine that it names, and their content becomes part of the answer.
"""

import codecs
import re
from typing import Final

BEGIN_BYTES: Final = 16

_MEDIA: Final = ("image/", "audio/", "video/")
_TEXT_TYPES: Final = frozenset({"image/svg+xml"})
_TEXT: Final = re.compile(rb"[\t\n\r\x20-\x7e]{1,4}")
_SIGNATURES: Final = re.compile(
    rb"BM|FORM|FRM8|GIF8|ID3|MAC |MP\+|MPCK|MThd|OggS|P[1-7]\s|RF64|RIFF|RIFX|TTA1|YUV4"
    rb"|\.RMF|\.snd|8BPS|AT&T|DDS |DKIF|DSD |FLV|caff|fLaC|qoif|wvpk|#!AMR|#!SILK|#\?RAD"
)
"""First bytes of media formats that look like text ("List of file signatures")."""


def is_disguised_text(content_type: str, begin: bytes) -> bool:
    """Whether a file is declared as media and begins like text.

    Args:
        content_type: as its sender declares it.
        begin: its first `BEGIN_BYTES` bytes.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if not kind.startswith(_MEDIA) or kind in _TEXT_TYPES:
        return False
    begin = begin.removeprefix(codecs.BOM_UTF8)
    return _TEXT.fullmatch(begin[:4]) is not None and _SIGNATURES.match(begin) is None
