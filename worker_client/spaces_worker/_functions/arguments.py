"""Chooses a function's arguments by name, and reads its params declaration from the annotation."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_origin

from spaces_worker._errors import FunctionError
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.params import Params, declare_params

Call = Callable[[RequestContext], tuple[list[Any], dict[str, Any]]]
"""Returns the positional and keyword arguments for one request."""

_VARIADIC: Final = frozenset({inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD})
_NAMED: Final = frozenset({"messages", "params"})
"""Parameters that are known by their names; see also `_wants_context`."""
_AS_GIVEN: Final = (inspect.Parameter.empty, Any, dict, Mapping)
"""Annotations of ``params`` that declare nothing."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """How to call a function.

    Attributes:
        of: returns the positional and keyword arguments for a request.
        params: the declaration in the annotation of ``params``; None if there is none.
    """

    of: Call
    params: Params | None = None


def arguments_of(function: Callable[..., Any]) -> Arguments:
    """Return how to call a function.

    Raises:
        FunctionError: it needs parameters that cannot be filled, or its ``params`` annotation is
            not a model.
    """
    try:
        signature = _signature(function)
    except ValueError:  # some built-in functions have no signature
        return Arguments(lambda context: ([context.prompt], {}))
    return _choose(function, list(signature.parameters.values()))


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(function, eval_str=True)
    except Exception:  # noqa: BLE001 - annotations can raise anything, and most do not matter here
        return inspect.signature(function)


def _choose(function: Callable[..., Any], parameters: list[inspect.Parameter]) -> Arguments:
    positional: list[str] = []
    keywords: dict[str, str] = {}
    declared = None
    for parameter in parameters:
        source = _source(parameter)
        if source in {*positional, *keywords.values()} or parameter.kind in _VARIADIC:
            _check_default(function, parameter)
            continue
        if source == "params":
            declared = _declared_params(function, parameter.annotation)
        if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
            positional.append(source)
        else:
            keywords[parameter.name] = source
    if _begins_variadic(parameters) and "prompt" not in keywords.values():
        positional.append("prompt")
    return Arguments(
        lambda context: (
            [_value(source, context) for source in positional],
            {name: _value(source, context) for name, source in keywords.items()},
        ),
        declared,
    )


def _begins_variadic(parameters: list[inspect.Parameter]) -> bool:
    """Return whether ``*args`` comes first, as in decorators that hide the wrapped signature."""
    return bool(parameters) and parameters[0].kind is inspect.Parameter.VAR_POSITIONAL


def _source(parameter: inspect.Parameter) -> str:
    if _wants_context(parameter):
        return "context"
    return parameter.name if parameter.name in _NAMED else "prompt"


def _wants_context(parameter: inspect.Parameter) -> bool:
    annotation = parameter.annotation
    named = annotation.rpartition(".")[2] if isinstance(annotation, str) else annotation
    return parameter.name == "context" or named in (RequestContext, RequestContext.__name__)


def _declared_params(function: Callable[..., Any], annotation: object) -> Params | None:
    if annotation in _AS_GIVEN or get_origin(annotation) in (dict, Mapping):
        return None
    if isinstance(annotation, str):
        raise FunctionError(
            f"{_name(function)} has a parameter 'params' of type {annotation}, but its annotations "
            "use a name that does not exist at run time. Import it outside of TYPE_CHECKING."
        )
    try:
        return declare_params(annotation)  # type: ignore[arg-type]  # checked by declare_params
    except FunctionError as error:
        raise FunctionError(
            f"{_name(function)} has a parameter 'params' whose type, {annotation}, declares "
            f"nothing: {error} Annotate it with a msgspec Struct, dataclass, TypedDict or "
            "pydantic model, or remove the annotation."
        ) from error


def _check_default(function: Callable[..., Any], parameter: inspect.Parameter) -> None:
    if parameter.kind in _VARIADIC or parameter.default is not inspect.Parameter.empty:
        return
    raise FunctionError(
        f"{_name(function)} needs the parameter {parameter.name!r}, which is never filled. A "
        "function can take prompt, messages, context and params; give every other parameter a "
        "default."
    )


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", repr(function)))


def _value(source: str, context: RequestContext) -> object:
    return context if source == "context" else getattr(context, source)
