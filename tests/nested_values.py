"""Values that are nested a number of levels deep."""

from typing import Any


def objects(depth: int) -> Any:
    """Return objects in objects."""
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    return value


def lists(depth: int) -> Any:
    """Return lists in lists."""
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value
