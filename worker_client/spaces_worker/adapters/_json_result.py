"""Parses a JSON answer: the fields of a result, or anything else as its data."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from spaces_worker._functions.result import Result
from spaces_worker.adapters._lenient_json import count_of, read_json

_MAIN: Final = frozenset({"text", "data"})
_DESCRIPTIONS: Final = ("confidence", "model", "usage", "inference_time")
_FIELDS: Final = _MAIN.union(_DESCRIPTIONS)


def result_of(content: str | bytes, on_dropped: Callable[[str], None] = lambda _: None) -> Result:
    """Return the result for a JSON text.

    An object with ``text`` or ``data``, and without unknown fields, is a result. A string is the
    text. Anything else is the data.

    Args:
        content: the JSON text.
        on_dropped: called with what is wrong with a field that only describes the answer; the
            result is returned without it.

    Raises:
        ValueError: the text is not valid JSON.
    """
    value = read_json(content)
    if isinstance(value, str):
        return Result(text=value)
    if isinstance(value, dict) and _is_result(value):
        described = dict(_descriptions(value, on_dropped))
        return Result(text=value.get("text"), data=value.get("data"), **described)
    return Result(data=value)


def _is_result(value: Mapping[str, Any]) -> bool:
    known = _MAIN & value.keys() and value.keys() <= _FIELDS
    return bool(known) and isinstance(value.get("text"), str | None)


def _descriptions(
    value: Mapping[str, Any], on_dropped: Callable[[str], None]
) -> Iterator[tuple[str, Any]]:
    for name in _DESCRIPTIONS:
        given: Any = value.get(name)
        if name == "usage" and isinstance(given, Mapping):
            given = {each: count_of(count) for each, count in given.items()}
        if name == "model" and not isinstance(given, str | None):
            on_dropped(f"Result.model must be a text, not {type(given).__name__}.")
            continue
        try:
            yield name, getattr(Result(**{name: given}), name)
        except (TypeError, ValueError) as error:
            on_dropped(str(error))
