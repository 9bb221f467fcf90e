"""Turns any kind of Python function into one shape: a context in, an answer out."""

import asyncio
import dataclasses
import inspect
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
)
from typing import Any, Final

from spaces_worker._context import RequestContext
from spaces_worker._errors import FunctionError
from spaces_worker._params import Params
from spaces_worker._result import Result
from spaces_worker._returned import as_result
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
        params: what it takes besides prompt and files; None if that is not declared.
        concurrency: requests of its space that run at the same time; None if only the worker's own
            limit counts.
    """

    call: Callable[[RequestContext], Awaitable[object]]
    in_thread: bool
    params: Params | None = None
    concurrency: int | None = None


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
    return await _answered(function(*positional, **keywords), context)


async def _call_in_thread(
    function: Function, arguments: Arguments, context: RequestContext
) -> object:
    positional, keywords = arguments(context)

    def call() -> object:
        returned = function(*positional, **keywords)
        return _drive(returned, context) if isinstance(returned, Iterator) else returned

    return await _answered(await in_thread(call), context)


async def _answered(returned: object, context: RequestContext) -> object:
    """Return the answer that a call led to, however it comes."""
    if asyncio.iscoroutine(returned):
        returned = await returned
    if isinstance(returned, AsyncIterator):
        return await _drive_async(returned, context)
    if returned is None and context.streamed is not None:
        return Result(text=context.streamed)
    return returned


def _drive(pieces: Iterator[object], context: RequestContext) -> object:
    """Stream what a generator yields, until it ends or nobody waits any more."""
    answer: object = Result(text=None)
    while not context.cancelled.is_set():
        try:
            piece = next(pieces)
        except StopIteration as end:
            return _of_generator(answer if end.value is None else end.value, context)
        answer = _take(piece, answer, context)
    if isinstance(pieces, Generator):
        pieces.close()
    return _of_generator(answer, context)


async def _drive_async(pieces: AsyncIterator[object], context: RequestContext) -> object:
    answer: object = Result(text=None)
    try:
        async for piece in pieces:
            answer = _take(piece, answer, context)
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
    return _of_generator(answer, context)


def _take(piece: object, answer: object, context: RequestContext) -> object:
    """Stream a text; keep a `Result`, the last of which says what is not text."""
    if isinstance(piece, Result):
        return piece
    if not isinstance(piece, str):
        raise TypeError(f"A generator must yield str or Result, not {type(piece).__name__}.")
    context.stream(piece)
    return answer


def _of_generator(answer: object, context: RequestContext) -> object:
    result = as_result(answer, context.streamed)
    if result == Result():
        return Result(text="")  # it yielded nothing, which is an answer, too
    return answer if result is None else result
