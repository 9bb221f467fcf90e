"""Turns the objects of a call's stream into pieces to send back, unchanged."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from spaces_worker._functions.result_fields import encode_data
from spaces_worker._session.piece import Piece

_ENVELOPE: Final = frozenset(
    {
        "id",
        "object",
        "created",
        "model",
        "system_fingerprint",
        "service_tier",
        "obfuscation",
        "choices",
    }
)
"""Fields that are the same in every object, and random padding."""
_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})


def pieces_of(objects: Sequence[Mapping[str, Any]], text: str) -> list[Piece]:
    """Return the pieces for the objects of one event.

    Args:
        objects: usually one.
        text: what a person reads of them.
    """
    try:
        encoded = [_encoded(each) for each in objects]
    except (ValueError, TypeError, OverflowError, RecursionError):  # left to the result
        encoded = []
    if not encoded or not all(encoded):
        return [Piece(text)] if text else []
    if len(objects) == 1:
        return [Piece(text, encoded[0], _says_more(objects[0]))]
    before = [Piece("", each, says_more=True) for each in encoded[:-1]]
    return [*before, Piece(text, encoded[-1], says_more=True)]


def _encoded(value: Mapping[str, Any]) -> bytes:
    """Return an object as JSON; empty if it travels as text."""
    if any("message" in each for each in _choices(value)):  # not a piece of an answer
        return b""
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:  # text may be cut within a character, and is joined as text only
        if not _says_more(value):
            return b""
    return encode_data(value)


def _says_more(value: Mapping[str, Any]) -> bool:
    """Whether an object says more than a piece of the first alternative's text."""
    if _has_others(value, _ENVELOPE):
        return True
    choices = _choices(value)
    if len(choices) != 1:
        return bool(choices)
    choice = choices[0]
    delta = choice.get("delta") or {}
    return (
        choice.get("index", 0) != 0
        or _has_others(choice, {"index", "delta", "text"})
        or not isinstance(delta, Mapping)
        or _has_others(delta, {"role", "content"})
        or not isinstance(delta.get("content"), str | None)
    )


def _has_others(fields: Mapping[str, Any], known: frozenset[str] | set[str]) -> bool:
    return any(name not in known and value not in _EMPTY for name, value in fields.items())


def _choices(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    choices = value.get("choices")
    return [each for each in choices or [] if isinstance(each, Mapping)]
