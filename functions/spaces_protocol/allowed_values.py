"""Looks up the values that a field allows in its type."""

import re
from typing import Any, Final

_STEP: Final = re.compile(r"\.(?P<field>[A-Za-z_]\w*)|\[(?:\d+|\.\.\.)\]")


def allowed_values(kind: Any, path: str) -> tuple[Any, ...]:  # noqa: ANN401 - any type
    """Return the values that a field allows; empty if unknown.

    Args:
        kind: the type of the whole body; None if unknown.
        path: the path of the field in msgspec's form, such as ``$.features[1]``.
    """
    from msgspec import inspect  # noqa: PLC0415 - only needed for errors

    if kind is None:
        return ()
    at = [inspect.type_info(kind)]
    for step in _STEP.finditer(path):
        at = [part for each in at for part in _parts(each, step["field"])]
    return tuple(value for each in at for part in _alternatives(each) for value in _values(part))


def _values(kind: Any) -> list[Any]:  # noqa: ANN401 - msgspec's own union
    from msgspec import inspect  # noqa: PLC0415

    if isinstance(kind, inspect.EnumType):
        return [member.value for member in kind.cls]
    return list(kind.values) if isinstance(kind, inspect.LiteralType) else []


def _alternatives(kind: Any) -> list[Any]:  # noqa: ANN401 - msgspec's own union
    from msgspec import inspect  # noqa: PLC0415

    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        return [part for each in kind.types for part in _alternatives(each)]
    return [kind]


def _parts(kind: Any, field: str | None) -> list[Any]:  # noqa: ANN401 - msgspec's own union
    """Return the types of a field, or of the entries, of a type."""
    from msgspec import inspect  # noqa: PLC0415

    found = []
    for each in _alternatives(kind):
        if field is not None and isinstance(each, inspect.StructType):
            found += [part.type for part in each.fields if part.encode_name == field]
        elif field is None and isinstance(each, inspect.DictType):
            found.append(each.value_type)
        elif field is None and isinstance(each, inspect.CollectionType):
            found.append(each.item_type)
    return found
