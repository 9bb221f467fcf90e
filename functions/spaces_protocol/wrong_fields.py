"""Describes in words what is wrong with a field."""

import re
from collections.abc import Callable
from typing import Any, Final

from msgspec import Meta, Struct, ValidationError

from spaces_protocol import fields
from spaces_protocol.allowed_values import allowed_values

_PATTERNS: Final = {
    repr(meta.pattern): meta.description
    for kind in vars(fields).values()
    for meta in getattr(kind, "__metadata__", ())
    if isinstance(meta, Meta) and meta.pattern
}
_TYPES: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "datetime": "a time such as 2026-11-22T10:00:00Z",
}
_BOUNDS: Final = {"<=": "at most", ">=": "at least", "<": "less than", ">": "more than"}
_PARTS: Final = {
    "str": ("character", "characters"),
    "array": ("entry", "entries"),
    "object": ("field", "fields"),
}
_MAX_SHOWN: Final = 60


class _Place(Struct, frozen=True):
    """The place of a fault.

    Attributes:
        path: in msgspec's form, such as ``$.input.files[0]``.
        kind: the type of the whole body; None if unknown.
    """

    path: str
    kind: Any

    @property
    def name(self) -> str:
        """The name for a person: ``input.files[0]``; the whole body has none."""
        return self.path.removeprefix("$").removeprefix(".")

    @property
    def subject(self) -> str:
        return self.name or "The body"

    def field(self, name: str) -> str:
        return f"{self.name}.{name}" if self.name else name


def describe_fault(error: ValidationError, kind: Any = None) -> str:  # noqa: ANN401 - any type
    """Return what is wrong in words, such as ``max_workers must be a whole number of at most 20``.

    An unknown message from msgspec is returned unchanged.

    Args:
        error: the error from msgspec.
        kind: the expected type; with it, the allowed values are listed.
    """
    message = _MESSAGE.fullmatch(str(error))
    if message is None:
        return str(error)
    place = _Place(message["path"] or "$", kind)
    for form, words in _FORMS.items():
        found = form.fullmatch(message["fault"])
        if found and (sentence := words(found, place)):
            return sentence
    return str(error)


def _pattern(found: re.Match[str], place: _Place) -> str | None:
    words = _PATTERNS.get(found["pattern"])
    return f"{place.subject} must be {words}" if words else None


def _length(found: re.Match[str], place: _Place) -> str:
    limit = int(found["limit"])
    one, several = _PARTS[found["kind"]]
    part = one if limit == 1 else several
    return f"{place.subject} must have {_BOUNDS[found['bound']]} {limit:,} {part}"


def _bound(found: re.Match[str], place: _Place) -> str:
    limit = float(found["limit"])
    number = f"{int(limit):,}" if limit.is_integer() else found["limit"]
    wanted = f"{_TYPES[found['kind']]} of {_BOUNDS[found['bound']]} {number}"
    return f"{place.subject} must be {wanted}"


def _type(found: re.Match[str], place: _Place) -> str | None:
    kinds = found["kinds"].split(" | ")
    if not {*kinds, found["got"]} <= _TYPES.keys():
        return None
    wanted = " or ".join(_TYPES[kind] for kind in kinds)
    return f"{place.subject} must be {wanted}, not {_TYPES[found['got']]}"


def _choice(found: re.Match[str], place: _Place) -> str:
    given = _short(found["given"])
    values = allowed_values(place.kind, place.path)
    if not values:
        return f"{place.subject} cannot be {given}"
    return f"{place.subject} must be one of {', '.join(map(str, values))}, not {given}"


def _unknown(found: re.Match[str], place: _Place) -> str:
    name = _short(found["name"])
    return f"{place.name} has no field {name}" if place.name else f"Unknown field {name}"


def _missing(found: re.Match[str], place: _Place) -> str:
    return f"{place.field(found['name'])} is missing"


def _time(_: re.Match[str], place: _Place) -> str:
    return f"{place.subject} must be {_TYPES['datetime']}"


def _range(_: re.Match[str], place: _Place) -> str:
    return f"{place.subject} is out of range"


def _short(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


_MESSAGE: Final = re.compile(r"(?P<fault>.*?)(?: - at `(?P<path>\$[^`]*)`)?", re.DOTALL)
_FORMS: Final[dict[re.Pattern[str], Callable[[re.Match[str], _Place], str | None]]] = {
    re.compile(form, re.DOTALL): words
    for form, words in (
        (r"Expected `str` matching regex (?P<pattern>.+)", _pattern),
        (
            r"Expected `(?P<kind>str|array|object)` of length (?P<bound>[<>]=) (?P<limit>\d+)",
            _length,
        ),
        (r"Expected `(?P<kind>int|float)` (?P<bound>[<>]=?) (?P<limit>-?[\d.e+]+)", _bound),
        (r"Expected `(?P<kinds>[a-z |]+)`, got `(?P<got>[a-z]+)`", _type),
        (r"Invalid enum value (?P<given>.+)", _choice),
        (r"Object contains unknown field `(?P<name>.*)`", _unknown),
        (r"Object missing required field `(?P<name>.+)`", _missing),
        (r"Invalid RFC3339 encoded datetime|Expected `datetime` with a timezone component", _time),
        (r"(Number|Integer value) out of range", _range),
    )
}
