"""Makes text safe to send, to cut into pieces, and to show on a terminal."""

import re
from collections.abc import Iterator
from typing import Final

_CONTINUATION: Final = 0b10
"""The two highest bits of a byte that continues a UTF-8 character."""
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
"""The two halves of a character outside the Basic Multilingual Plane, such as an emoji."""
_FIRST_HALF: Final = re.compile("[\ud800-\udbff]")


def clean_text(text: object, limit: int | None = None) -> str:
    """Return ``text`` as valid Unicode of at most ``limit`` characters.

    Surrogate pairs are joined to the character that they stand for. Lone surrogates, which models
    and file names may contain, cannot be encoded as UTF-8 and become "?".
    """
    clean = plain_str(text)
    try:
        clean.encode()
    except UnicodeEncodeError:
        clean = _PAIR.sub(_joined, clean).encode("utf-8", "replace").decode("utf-8")
    if limit is None or len(clean) <= limit:
        return clean
    return clean[: limit - 1] + "…"


def plain_str(value: object) -> str:
    """Return a value as a plain ``str``; for a member of a ``str`` enumeration, its value."""
    return str.__str__(value) if isinstance(value, str) else str(value)


def _joined(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")


class PieceCleaner:
    """Cleans text that arrives in pieces, as `clean_text` does, also where a piece ends in a pair.

    Attributes:
        held: the first half of a pair, which waits for the next piece; empty if there is none.
    """

    def __init__(self) -> None:
        self.held = ""

    def clean(self, piece: str) -> str:
        """Return the part of the text that is complete with this piece."""
        text = self.held + piece
        self.held = text[-1:] if _FIRST_HALF.fullmatch(text[-1:]) else ""
        return clean_text(text.removesuffix(self.held))


def printable_text(text: str, *, lines: bool = False) -> str:
    r"""Return ``text`` in a form that is safe to write to a terminal or log.

    Text from users can contain sequences that control a terminal, or line breaks that fake log
    lines. Such characters are replaced by their escapes, such as ``\x1b``.

    Args:
        text: any text.
        lines: keep line breaks.
    """
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or (lines and each == "\n") else _escaped(each) for each in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def split_utf8(encoded: bytes, limit: int) -> Iterator[bytes]:
    """Yield UTF-8 text in pieces of at most ``limit`` bytes without splitting a character."""
    start = 0
    while len(encoded) - start > limit:
        end = start + limit
        while _continues(encoded[end]):
            end -= 1
        yield encoded[start:end]
        start = end
    yield encoded[start:]


def _continues(byte: int) -> bool:
    return byte >> 6 == _CONTINUATION
