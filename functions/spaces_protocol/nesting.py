"""How deep JSON values are nested."""

from typing import Any, Final

from spaces_protocol.limits import MAX_DEPTH

_CONTAINERS: Final = (dict, list, tuple)


def is_too_deep(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether lists and objects are nested deeper than `MAX_DEPTH`; needs no stack itself."""
    level = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(MAX_DEPTH):
        level = [
            part
            for each in level
            for part in (each.values() if isinstance(each, dict) else each)
            if isinstance(part, _CONTAINERS)
        ]
        if not level:
            return False
    return True


def too_deep(field: str) -> str:
    """Return what is wrong with a field that is nested too deeply: its name, limit and remedy."""
    return f"{field} is nested more than {MAX_DEPTH} levels deep. Flatten it."
