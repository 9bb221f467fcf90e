"""Fields of a call that a space without calls can use, and those that it cannot do."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from spaces.domain.openai.errors import UnusableField

_OWN: Final = frozenset({"model", "messages", "prompt", "stream", "stream_options", "file"})
_OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"max_completion_tokens": ("max_tokens",), "max_tokens": ("max_completion_tokens",)}
)


def _is_set(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return value not in (None, False, "", [], {})


def _is_several(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return value not in (None, 1)


def _is_not_text(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return value is not None and value != {"type": "text"}


def _is_more_than_text(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return value not in (None, [], ["text"])


def _is_forced(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return value not in (None, "none", "auto")


_CHANGES_THE_ANSWER: Final[Mapping[str, Callable[[Any], bool]]] = MappingProxyType(
    {
        "n": _is_several,
        "best_of": _is_several,
        "response_format": _is_not_text,
        "modalities": _is_more_than_text,
        "tool_choice": _is_forced,
        "function_call": _is_forced,
        "logprobs": _is_set,
        "top_logprobs": _is_set,
        "logit_bias": _is_set,
        "store": _is_set,
        "tools": _is_set,
        "functions": _is_set,
        "stop": _is_set,
        "audio": _is_set,
        "echo": _is_set,
        "suffix": _is_set,
        "web_search_options": _is_set,
    }
)
"""Fields without which the answer would not be what was asked for, and when they ask for it."""


def params_of(
    fields: Mapping[str, Any],
    known: Mapping[str, Any] | None,
    *,
    without: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Return the params for a space.

    Fields that only tune or describe the answer are left out if the space does not know them.

    Args:
        fields: The body of the call.
        known: The properties of the space's params, by name; None if it declares none.
        without: Fields that the gateway itself does.

    Raises:
        UnusableField: A field asks for something that the space cannot do.
    """
    known = known or {}
    params: dict[str, Any] = {}
    for name in fields.keys() - without - _OWN:
        value = fields[name]
        wanted = _name_in(known, name)
        if wanted is not None and value is not None:
            params.setdefault(wanted, value)
        elif wanted is None and name in _CHANGES_THE_ANSWER and _CHANGES_THE_ANSWER[name](value):
            raise cannot_do(name)
    return params


def cannot_do(name: str) -> UnusableField:
    """Return the error for a field that asks for something that a space cannot do."""
    return UnusableField(
        f"{name} cannot be used in this space. Remove it.", param=name, code="unsupported_parameter"
    )


def _name_in(known: Mapping[str, Any], name: str) -> str | None:
    candidates = (name, *_OTHER_NAMES.get(name, ()))
    return next((candidate for candidate in candidates if candidate in known), None)
