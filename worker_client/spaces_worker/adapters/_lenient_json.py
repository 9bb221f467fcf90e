"""Reads the JSON that programs really write; the protocol itself is read by msgspec, strictly."""

import json
import math
from typing import Any

from spaces_protocol.limits import MAX_COUNT


def read_json(content: str | bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return the value of a JSON text.

    A byte-order mark is skipped, ``NaN`` and ``Infinity`` are numbers, lone surrogates stay in the
    text, and bytes that are not UTF-8 become U+FFFD.

    Raises:
        ValueError: the text is not JSON, or is nested too deeply.
    """
    if isinstance(content, bytes):
        content = content.decode(json.detect_encoding(content), "replace")
    try:
        return json.loads(content.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def json_values(content: str) -> list[object]:
    """Return the JSON value of a text, or of each of its lines; nothing if it is not JSON."""
    try:
        return [read_json(content)]
    except ValueError:
        lines = [line for line in content.split("\n") if line.strip()]
    try:
        return [read_json(line) for line in lines] if len(lines) > 1 else []
    except ValueError:
        return []


def count_of(value: object) -> int | None:
    """Return a count; None if the value is not a whole number from 0 to the protocol's limit."""
    number = number_of(value)
    if number is None or number != int(number) or not 0 <= number <= MAX_COUNT:
        return None
    return int(number)


def number_of(value: object) -> float | None:
    """Return a number; None if the value is something else, NaN or infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # an int of more than 300 digits
        return None
