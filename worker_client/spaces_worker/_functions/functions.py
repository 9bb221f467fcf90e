"""Turns any kind of Python function into one shape: a context in, an answer out."""

import asyncio
import dataclasses
import functools
import inspect
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
)
from typing import Any

from spaces_worker._errors import FunctionError
from spaces_worker._functions.arguments import Call, arguments_of
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.params import Params
from spaces_worker._functions.result import Result
from spaces_worker._functions.returned import as_result
from spaces_worker._runtime.threads import in_thread

Function = Callable[..., Any]
"""A function to link: plain or async, returning an answer or yielding its pieces."""


@dataclasses.dataclass(frozen=True, slots=True)
class Linked:
    """A function ready to be called.

    Attributes:
        function: what was given.
        call: answers one request.
        in_thread: it can only be asked to stop; an async one is cancelled.
        params: what it takes besides prompt and files; None if that is not declared.
        concurrency: requests of its space that run at the same time; None if only the worker's own
            limit counts.
    """

    function: Function
    call: Callable[[RequestContext], Awaitable[object]]
    in_thread: bool
    params: Params | None = None
    concurrency: int | None = None


def link_function(function: Function, params: Params | None = None) -> Linked:
    """Prepare a function; its parameters are chosen by name.

    A parameter called ``context``, or annotated as `RequestContext`, receives the context; one
    called ``params`` receives the params, and declares them if it is annotated with a model. The
    first other one receives the prompt. Further parameters keep their defaults.

    Args:
        function: what answers.
        params: what it takes, if that is declared beside it.

    Raises:
        FunctionError: it is not callable, needs further parameters, has ``params`` of a type that
            declares nothing, or its params are declared twice.
    """
    if not callable(function):
        raise FunctionError(f"{function!r} is not a function.")
    arguments = arguments_of(function)
    if params is not None and arguments.params is not None:
        raise FunctionError(
            "The params are declared twice: by the function's parameter 'params', and beside it. "
            "Leave one of them away."
        )
    plain = not (
        _is(inspect.iscoroutinefunction, function) or _is(inspect.isasyncgenfunction, function)
    )
    call = functools.partial(_call_in_thread if plain else _call_async, function, arguments.of)
    return Linked(function, call, in_thread=plain, params=params or arguments.params)


def _is(kind: Callable[[Any], bool], function: Function) -> bool:
    return kind(function) or kind(getattr(function, "__call__", None))  # noqa: B004 - its kind


async def _call_async(function: Function, arguments: Call, context: RequestContext) -> object:
    positional, keywords = arguments(context)
    return await _answered(function(*positional, **keywords), context)


async def _call_in_thread(function: Function, arguments: Call, context: RequestContext) -> object:
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
    try:
        while not context.cancelled.is_set():
            try:
                piece = next(pieces)
            except StopIteration as end:
                return _of_generator(answer if end.value is None else end.value, context)
            answer = _take(piece, answer, context)
    finally:
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
    if result is not None and result.says_nothing:
        return Result(text="")  # it yielded nothing, which is an answer, too
    return answer if result is None else result
