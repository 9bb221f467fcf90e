"""Turns any kind of Python function into one shape: a context in, an answer out."""

import asyncio
import dataclasses
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Final

from spaces_worker._context import RequestContext
from spaces_worker._errors import FunctionError
from spaces_worker._result import Result
from spaces_worker._threads import in_thread

Function = Callable[..., Any]
"""A function to link: plain or async, returning an answer or yielding its pieces."""
Arguments = Callable[[RequestContext], tuple[list[Any], dict[str, Any]]]
"""Chooses the positional and keyword arguments of one call."""

_VARIADIC: Final = frozenset({inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD})


@dataclasses.dataclass(frozen=True, slots=True)
class Linked:
    """A function ready to be called.

    Attributes:
        call: answers one request.
        in_thread: it can only be asked to stop; an async one is cancelled.
    """

    call: Callable[[RequestContext], Awaitable[object]]
    in_thread: bool


def link_function(function: Function) -> Linked:
    """Prepare a function; its parameters are chosen by name.

    A parameter called ``context``, or annotated as `RequestContext`, receives the context. The
    first other one receives the prompt. Further parameters keep their defaults.

    Raises:
        FunctionError: it is not callable, or needs further parameters.
    """
    if not callable(function):
        raise FunctionError(f"{function!r} is not a function.")
    arguments = _arguments_of(function)
    if _is(inspect.iscoroutinefunction, function) or _is(inspect.isasyncgenfunction, function):
        return Linked(lambda context: _call_async(function, arguments, context), in_thread=False)
    return Linked(lambda context: _call_in_thread(function, arguments, context), in_thread=True)


def _is(kind: Callable[[Any], bool], function: Function) -> bool:
    return kind(function) or kind(getattr(function, "__call__", None))  # noqa: B004 - its kind


def _arguments_of(function: Function) -> Arguments:
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except ValueError:  # some built-in functions have no signature
        return lambda context: ([context.prompt], {})
    return _choose(function, parameters)


def _choose(function: Function, parameters: list[inspect.Parameter]) -> Arguments:
    positional: list[str] = []
    keywords: dict[str, str] = {}
    for parameter in parameters:
        source = "context" if _wants_context(parameter) else "prompt"
        if source in {*positional, *keywords.values()} or parameter.kind in _VARIADIC:
            _must_have_default(function, parameter)
        elif parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
            positional.append(source)
        else:
            keywords[parameter.name] = source
    return lambda context: (
        [_value(source, context) for source in positional],
        {name: _value(source, context) for name, source in keywords.items()},
    )


def _wants_context(parameter: inspect.Parameter) -> bool:
    annotation = parameter.annotation
    named = annotation.rpartition(".")[2] if isinstance(annotation, str) else annotation
    return parameter.name == "context" or named in {RequestContext, RequestContext.__name__}


def _must_have_default(function: Function, parameter: inspect.Parameter) -> None:
    if parameter.kind in _VARIADIC or parameter.default is not inspect.Parameter.empty:
        return
    name = getattr(function, "__name__", repr(function))
    raise FunctionError(
        f"{name} needs the parameter {parameter.name!r}, which nothing fills. A function may take "
        "(prompt), (context) or (prompt, context); give all others a default."
    )


def _value(source: str, context: RequestContext) -> object:
    return context if source == "context" else context.prompt


async def _call_async(function: Function, arguments: Arguments, context: RequestContext) -> object:
    positional, keywords = arguments(context)
    returned = function(*positional, **keywords)
    if isinstance(returned, AsyncIterator):
        pieces = Pieces()
        async for piece in returned:
            pieces.add(piece)
        return pieces.joined()
    return await returned


async def _call_in_thread(
    function: Function, arguments: Arguments, context: RequestContext
) -> object:
    positional, keywords = arguments(context)

    def call() -> object:
        returned = function(*positional, **keywords)
        return _join(returned, context) if isinstance(returned, Iterator) else returned

    returned = await in_thread(call)
    return await returned if asyncio.iscoroutine(returned) else returned


def _join(returned: Iterator[object], context: RequestContext) -> object:
    pieces = Pieces()
    for piece in returned:
        if context.cancelled.is_set():
            break
        pieces.add(piece)
    return pieces.joined()


class Pieces:
    """The pieces that a generator yields: texts, and perhaps one `Result` that says the rest."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._result: Result | None = None

    def add(self, piece: object) -> None:
        """Take the next piece.

        Raises:
            TypeError: it is neither a text nor a `Result`.
        """
        if isinstance(piece, Result):
            self._result = piece
        elif isinstance(piece, str):
            self._texts.append(piece)
        else:
            raise TypeError(f"A generator must yield str or Result, not {type(piece).__name__}.")

    def joined(self) -> object:
        """Return the answer that the pieces make."""
        text = "".join(self._texts)
        if self._result is None:
            return text
        if self._result.text is not None or not self._texts:
            return self._result
        return dataclasses.replace(self._result, text=text)
