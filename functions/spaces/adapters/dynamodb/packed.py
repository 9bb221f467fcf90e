"""Stores long lists of similar rows in few bytes: a write is billed for the size of the item.

1,280 running requests take 110 KB as JSON and 7 KB packed.
"""

import zlib
from itertools import pairwise
from typing import Any, Final, TypeVar

import msgspec

from spaces.adapters.dynamodb.values import Item, blob

PACK_ABOVE_BYTES: Final = 1024
"""A shorter value stays readable JSON."""
_TIME: Final = 10**11
"""A larger number is a time; the times of a row differ by little."""

T = TypeVar("T")
Row = list[Any]


class _Packed(msgspec.Struct, array_like=True):
    """The rows by column.

    Attributes:
        keyed: Whether the first column holds the keys of a mapping.
        times: Columns that hold the difference to the row's first time.
        steps: Columns that hold the difference to the row before.
    """

    keyed: bool
    times: list[int]
    steps: list[int]
    columns: list[Row]


def as_compact_json(value: object) -> Item:
    """Return a mapping to rows, or a list of rows, as JSON text or packed if it is long."""
    plain = msgspec.json.encode(value)
    if len(plain) <= PACK_ABOVE_BYTES:
        return {"S": plain.decode()}
    return blob(pack_rows(plain))  # type: ignore[return-value]  # an attribute value


def read_compact_json(item: Item, name: str, kind: type[T]) -> T:
    """Return a value stored by `as_compact_json` or `as_json`."""
    stored = item[name]
    plain = stored["S"] if "S" in stored else unpack_rows(stored["B"])
    return msgspec.json.decode(plain, type=kind)


def pack_rows(plain: bytes) -> bytes:
    """Pack JSON: a mapping from keys to rows, or a list of rows or of numbers."""
    value: Any = msgspec.json.decode(plain)
    keyed = isinstance(value, dict)
    if keyed:
        rows = [[_number_or_text(key), *fields] for key, fields in value.items()]
    else:
        rows = [each if isinstance(each, list) else [each] for each in value]
    columns = [list(column) for column in zip(*rows, strict=True)]
    numeric = [index for index, column in enumerate(columns) if _are_numbers(column)]
    times = [index for index in numeric if min(columns[index]) > _TIME]
    for index in times[1:]:
        columns[index] = [a - b for a, b in zip(columns[index], columns[times[0]], strict=True)]
    for index in numeric:
        columns[index] = _steps(columns[index])
    packed = _Packed(keyed, times, numeric, columns)
    return zlib.compress(msgspec.json.encode(packed), 9)


def unpack_rows(content: bytes) -> bytes:
    """Return the JSON that `pack_rows` packed."""
    packed = msgspec.json.decode(zlib.decompress(content), type=_Packed)
    columns = packed.columns
    for index in packed.steps:
        columns[index] = _sums(columns[index])
    for index in packed.times[1:]:
        first = columns[packed.times[0]]
        columns[index] = [a + b for a, b in zip(columns[index], first, strict=True)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    if packed.keyed:
        return msgspec.json.encode({str(key): fields for key, *fields in rows})
    return msgspec.json.encode([row[0] if len(row) == 1 else row for row in rows])


def _are_numbers(column: Row) -> bool:
    return all(type(each) is int for each in column)


def _number_or_text(key: str) -> int | str:
    return int(key) if key.isdecimal() and str(int(key)) == key else key


def _steps(numbers: list[int]) -> list[int]:
    return [numbers[0], *(after - before for before, after in pairwise(numbers))]


def _sums(steps: list[int]) -> list[int]:
    numbers = [steps[0]]
    for step in steps[1:]:
        numbers.append(numbers[-1] + step)
    return numbers
