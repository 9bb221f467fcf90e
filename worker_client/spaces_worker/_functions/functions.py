"""Turns any kind of Python function into one shape: a context in, an answer out."""

import asyncio
import dataclasses
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from spaces_protocol.model_call import Endpoint
from spaces_worker._errors import FunctionError
from spaces_worker._functions.arguments import Call, arguments_of
from spaces_worker._functions.call_input import FUNCTION_ENDPOINTS
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.examples import NO_EXAMPLES, DeclaredExamples
from spaces_worker._functions.generators import drive, drive_async
from spaces_worker._functions.params import Params
from spaces_worker._functions.result import as_result
from spaces_worker._functions.result_fields import is_open_file
from spaces_worker._runtime.threads import in_thread

Function = Callable[..., Any]
"""A function that answers requests: plain or async, returning an answer or yielding it."""


@dataclasses.dataclass(frozen=True, slots=True)
class RegisteredFunction:
    """A function that is ready to be called.

    Attributes:
        function: the original function.
        call: answers one request.
        in_thread: whether it runs in a thread, so that it can only be asked to stop. An async
            function is cancelled.
        params: declaration of its ``params``; None if there is none.
        concurrency: how many requests of its space run at the same time; None if only the worker's
            limit applies.
        endpoints: the endpoints of the OpenAI API whose calls it answers.
        takes_calls: whether it reads calls itself and answers with the whole object of the API.
        examples: inputs to try it with, and their files.
    """

    function: Function
    call: Callable[[RequestContext], Awaitable[object]]
    in_thread: bool
    params: Params | None = None
    concurrency: int | None = None
    endpoints: Sequence[Endpoint] = FUNCTION_ENDPOINTS
    takes_calls: bool = False
    examples: DeclaredExamples = NO_EXAMPLES


class WorkerDeclaration(NamedTuple):
    """What a file says about its own worker: the functions it registers, and its settings.

    Attributes:
        functions: the registered functions, by space.
        options: settings that ``Worker`` was given; None means not given.
    """

    functions: Mapping[str, RegisteredFunction]
    options: Mapping[str, object]

    def only(self, function: Function) -> "WorkerDeclaration":
        """Return the declaration reduced to one function."""
        functions = {
            space: registered
            for space, registered in self.functions.items()
            if registered.function is function
        }
        return WorkerDeclaration(functions, self.options)

    def settings(self) -> Mapping[str, object]:
        """Return the settings in the form that `load_settings` takes as ``declared``."""
        return {**self.options, "spaces": tuple(self.functions) or None}


def prepare_function(
    function: Function,
    params: Params | None = None,
    endpoints: Sequence[Endpoint] | None = None,
) -> RegisteredFunction:
    """Prepare a function; its arguments are chosen by the names of its parameters.

    A parameter named ``context``, or annotated as `RequestContext`, receives the context. One
    named ``params`` receives the params, and declares them if its annotation is a model. One named
    ``messages`` receives the conversation. The first other parameter receives the prompt. Further
    parameters keep their defaults.

    Args:
        function: the function.
        params: the declaration of its params, if it is not in its signature.
        endpoints: the endpoints that it serves if it takes whole calls.

    Raises:
        FunctionError: it is not callable, needs further parameters, has a ``params`` annotation
            that is not a model, or declares its params twice.
    """
    if not callable(function):
        raise FunctionError(f"{function!r} is not a function.")
    arguments = arguments_of(function)
    if params is not None and arguments.params is not None:
        raise FunctionError(
            "The params are declared twice: by the function's parameter 'params' and by params=. "
            "Remove one of them."
        )
    plain = not (
        _is(inspect.iscoroutinefunction, function) or _is(inspect.isasyncgenfunction, function)
    )
    call = functools.partial(_call_in_thread if plain else _call_async, function, arguments.of)
    return RegisteredFunction(
        function,
        call,
        in_thread=plain,
        params=params or arguments.params,
        endpoints=FUNCTION_ENDPOINTS if endpoints is None else endpoints,
        takes_calls=endpoints is not None,
    )


def _is(kind: Callable[[Any], bool], function: Function) -> bool:
    return kind(function) or kind(getattr(function, "__call__", None))  # noqa: B004 - its kind


async def _call_async(function: Function, arguments: Call, context: RequestContext) -> object:
    positional, keywords = arguments(context)
    return await _awaited(function(*positional, **keywords), context)


async def _call_in_thread(function: Function, arguments: Call, context: RequestContext) -> object:
    positional, keywords = arguments(context)

    def call() -> object:
        returned = function(*positional, **keywords)
        if isinstance(returned, Iterator) and not is_open_file(returned):
            return drive(returned, context)
        return returned

    return await _awaited(await in_thread(call), context)


async def _awaited(returned: object, context: RequestContext) -> object:
    if asyncio.iscoroutine(returned):
        returned = await returned
    if _has_open_file(returned):  # the event loop must not wait while it is read
        return await in_thread(functools.partial(as_result, returned)) or returned
    if isinstance(returned, AsyncIterator):
        return await drive_async(returned, context)
    return returned


def _has_open_file(returned: object) -> bool:
    if isinstance(returned, list | tuple):
        return any(map(is_open_file, returned))
    return is_open_file(returned)
