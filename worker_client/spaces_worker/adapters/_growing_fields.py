"""The fields of a JSON object that arrives in pieces."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from spaces_worker._functions.output_limit import OutputLimit

_UNJOINED: Final = frozenset({"id", "type", "role", "object", "status", "format"})
"""Texts that come in one piece: once, or again with every piece of the object."""
_NAME: Final = "name"
"""A text that comes in pieces or, from some servers, again with every piece of the object."""
_TOOL_CALLS: Final = "tool_calls"
"""A list whose items are joined by their index or, if they have none, by their id."""


class GrowingFields:
    """Joins texts and extends lists; anything else is replaced by what comes last.

    Items of a list that have an index are joined with the earlier items of that index.

    Args:
        joined: the texts to join; None for all but those that come in one piece.
        limit: counts what is kept.
    """

    def __init__(
        self, joined: frozenset[str] | None = None, limit: OutputLimit | None = None
    ) -> None:
        self._joined = joined
        self._limit = OutputLimit() if limit is None else limit
        self._fields: dict[str, Any] = {}

    def add(self, fields: Mapping[str, Any]) -> None:
        """Add the next piece; null leaves a field as it is.

        Raises:
            UserError: the pieces together are too large to deliver.
        """
        for name, value in fields.items():
            if name not in self._fields:
                self._limit.add(name)
                self._fields[name] = None
            if value is not None:
                self._fields[name] = self._grown(name, self._fields[name], value)

    def whole(self) -> dict[str, Any]:
        """Return the fields as they are now."""
        return {name: _whole(value) for name, value in self._fields.items()}

    def nested(self) -> "GrowingFields":
        """Return the fields of an object inside this one, which has none yet."""
        return GrowingFields(self._joined, self._limit)

    def _grown(self, name: str, old: Any, new: Any) -> Any:  # noqa: ANN401 - any JSON
        match new:
            case str() if isinstance(old, _GrowingList):
                return old.add(_as_parts(new))
            case str() if self._is_joined(name):
                text = old if isinstance(old, _GrowingText) else _GrowingText(self._limit)
                return text.add(new, may_repeat=name == _NAME)
            case "":
                return old
            case Mapping():
                fields = old if isinstance(old, GrowingFields) else self.nested()
                fields.add(new)
                return fields
            case list():
                return self._list(name, old).add(new)
        self._limit.replace(None if isinstance(old, _Growing) else old, new)
        return new

    def _is_joined(self, name: str) -> bool:
        return name not in _UNJOINED if self._joined is None else name in self._joined

    def _list(self, name: str, old: object) -> "_GrowingList":
        if isinstance(old, _GrowingList):
            return old
        begun = _GrowingList(self, self._limit, joins_all=name == _TOOL_CALLS)
        return begun.add(_as_parts(old.whole()) if isinstance(old, _GrowingText) else [])


class _GrowingText:
    """A text in pieces."""

    def __init__(self, limit: OutputLimit) -> None:
        self._limit = limit
        self._pieces: list[str] = []
        self._length = 0

    def add(self, piece: str, *, may_repeat: bool) -> "_GrowingText":
        if not (may_repeat and len(piece) == self._length and piece == self.whole()):
            self._limit.add(piece)
            self._pieces.append(piece)
            self._length += len(piece)
        return self

    def whole(self) -> str:
        return "".join(self._pieces)


class _GrowingList:
    """A list in pieces: joined items by their place, then the others in order of arrival."""

    def __init__(self, parent: GrowingFields, limit: OutputLimit, *, joins_all: bool) -> None:
        self._parent = parent
        self._limit = limit
        self._joins_all = joins_all
        self._joined: dict[int, GrowingFields] = {}
        self._others: list[Any] = []
        self._last = -1
        self._last_id: Any = None

    def add(self, items: Sequence[Any]) -> "_GrowingList":
        for item in items:
            place = self._place(item) if isinstance(item, Mapping) else None
            if place is None:
                self._limit.add(json.dumps(item))
                self._others.append(item)
            else:
                self._join(place, item)
        return self

    def whole(self) -> list[Any]:
        joined = [self._joined[place].whole() for place in sorted(self._joined)]
        if self._joins_all:  # an index is for the pieces only
            joined = [{name: each[name] for name in each if name != "index"} for each in joined]
        return [*joined, *self._others]

    def _place(self, item: Mapping[str, Any]) -> int | None:
        index = item.get("index")
        if isinstance(index, int):
            return index
        if not self._joins_all:
            return None
        # By comparison only: what a server sends as an id may be a list.
        begins = self._last < 0 or item.get("id") not in (None, "", self._last_id)
        return self._last + 1 if begins else self._last

    def _join(self, place: int, item: Mapping[str, Any]) -> None:
        self._joined.setdefault(place, self._parent.nested()).add(item)
        if place > self._last:
            self._last, self._last_id = place, None
        if place == self._last:
            self._last_id = item.get("id") or self._last_id


def _as_parts(text: str) -> list[dict[str, str]]:
    """Return a content that is a text as a content that is a list of parts."""
    return [{"type": "text", "text": text}] if text else []


def _whole(value: Any) -> Any:  # noqa: ANN401 - any JSON
    return value.whole() if isinstance(value, _Growing) else value


_Growing: Final = GrowingFields | _GrowingText | _GrowingList
