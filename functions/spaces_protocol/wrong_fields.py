"""What is wrong with a field, in words: patterns and symbols are for machines."""

import re
from typing import Final

from msgspec import Meta, ValidationError

from spaces_protocol import fields

_WORDS: Final = {
    repr(meta.pattern): meta.description
    for kind in vars(fields).values()
    for meta in getattr(kind, "__metadata__", ())
    if isinstance(meta, Meta) and meta.pattern
}
_PATTERN: Final = re.compile(r"`str` matching regex (?P<pattern>.+?)(?= - at `|$)")
_LENGTH: Final = re.compile(r"`(?P<kind>str|array)` of length (?P<bound>[<>]=) (?P<limit>\d+)")
_BOUNDS: Final = {"<=": "at most", ">=": "at least"}
_PARTS: Final = {"str": ("character", "characters"), "array": ("entry", "entries")}


def describe_fault(error: ValidationError) -> str:
    """Return msgspec's sentence, which names the field and its limit, without regular expressions.

    ``Expected type/subtype, or empty if it is not known - at `$.content_type```, for example.
    """
    told = _PATTERN.sub(_pattern_words, str(error))
    return _LENGTH.sub(_length_words, told)


def _pattern_words(found: re.Match[str]) -> str:
    return _WORDS.get(found["pattern"]) or found[0]


def _length_words(found: re.Match[str]) -> str:
    limit = int(found["limit"])
    one, several = _PARTS[found["kind"]]
    return f"{_BOUNDS[found['bound']]} {limit:,} {one if limit == 1 else several}"
