"""Joins streamed deltas, and finds what a whole answer has that they had not."""

from itertools import chain, count
from typing import Any, Final

Json = Any

_CONTINUED: Final = frozenset(
    {"content", "reasoning_content", "reasoning", "thinking", "refusal", "text", "arguments"}
)
"""Texts that come in pieces. Others, such as an id, are the same in each piece."""
_TOOL_CALLS: Final = "tool_calls"
"""A list whose entries are numbered while they stream, though not in the whole answer."""
NOTHING: Final[tuple[Json, ...]] = (None, "", [], {})


class Diverged(Exception):
    """The whole answer does not begin with what was streamed of it."""


def join(before: Json, piece: Json, name: str = "") -> Json:
    """Return a value to which a later piece was added.

    Args:
        before: What the pieces before it amount to; None if there were none.
        piece: The piece, as it was sent.
        name: The field that it is the value of.
    """
    if piece is None:
        return before
    if isinstance(piece, dict):
        known = before if isinstance(before, dict) else {}
        return {**known, **{key: join(known.get(key), piece[key], key) for key in piece}}
    if isinstance(piece, list):
        return _join_lists(before if isinstance(before, list) else [], piece)
    if isinstance(before, str) and isinstance(piece, str) and name in _CONTINUED:
        return before + piece
    return piece


def rest_of(whole: Json, sent: Json, name: str = "") -> Json:
    """Return the piece that is missing, empty if nothing is.

    Args:
        whole: The final value.
        sent: What the streamed pieces amount to; None if there were none.
        name: The field that it is the value of.

    Raises:
        Diverged: A text that came in pieces does not begin with them.
    """
    if name == _TOOL_CALLS and isinstance(whole, list):
        return _rest_of_list(whole, sent if isinstance(sent, list) else [])
    if sent in NOTHING and name:
        return whole
    if isinstance(whole, dict) and isinstance(sent, dict):
        return _rest_of_object(whole, sent)
    if isinstance(whole, list) and isinstance(sent, list):
        return _rest_of_list(whole, sent)
    if name in _CONTINUED and isinstance(sent, str):
        if not isinstance(whole, str) or not whole.startswith(sent):
            raise Diverged
        return whole[len(sent) :]
    return None


def _join_lists(before: list[Json], pieces: list[Json]) -> list[Json]:
    """Join entries with an index by it, such as tool calls; add others at the end."""
    joined = list(before)
    for piece in pieces:
        place = _place(joined, piece)
        if place is None:
            joined.append(join(None, piece))
        else:
            joined[place] = join(joined[place], piece)
    return joined


def _place(entries: list[Json], piece: Json) -> int | None:
    index = _index_of(piece)
    if index is None:
        return None
    found = (place for place, entry in enumerate(entries) if _index_of(entry) == index)
    return next(found, None)


def _index_of(entry: Json) -> int | None:
    index = entry.get("index") if isinstance(entry, dict) else None
    return index if isinstance(index, int) else None


def _rest_of_object(whole: dict[str, Json], sent: dict[str, Json]) -> dict[str, Json]:
    rests = {key: rest_of(value, sent.get(key), key) for key, value in whole.items()}
    return {key: rest for key, rest in rests.items() if rest not in NOTHING}


def _rest_of_list(whole: list[Json], sent: list[Json]) -> list[Json]:
    """Return what is missing of entries by their index; those that were not sent, whole.

    Entries of a whole answer that have no index are in the order of those that were sent, which may
    leave numbers out: some servers number tool calls together with other parts of the answer.
    """
    if sent and not any(_index_of(entry) is not None for entry in sent):
        return whole[len(sent) :]
    by_index = {index: entry for entry in sent if (index := _index_of(entry)) is not None}
    numbers = chain(sorted(by_index), count(max(by_index, default=-1) + 1))
    rests = []
    for entry, number in zip(whole, numbers, strict=False):
        index = number if (own := _index_of(entry)) is None else own
        rest = rest_of(entry, by_index[index]) if index in by_index else entry
        if isinstance(rest, dict) and rest.keys() - {"index"}:
            rests.append({"index": index, **rest})
    return rests
