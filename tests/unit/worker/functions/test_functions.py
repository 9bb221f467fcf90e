"""Every kind of function, called with what it asks for."""

import functools

import pytest

from spaces_worker import FunctionError, RequestContext, Result
from spaces_worker._functions.functions import prepare_function
from spaces_worker._functions.result import as_result
from tests.unit.worker.support.session_harness import request


def context():
    return RequestContext(request("a"), lambda point: None)


def name_of(function):
    """Return a name that is the same in every process: pytest tells tests apart by it."""
    return getattr(function, "__name__", type(function).__name__)


async def call(function):
    """Return the result of a function as the runner reads it."""
    this = context()
    return as_result(await prepare_function(function).call(this), this.streamed)


def by_prompt(prompt):
    return f"{prompt}!"


def by_any_name(text):
    return f"{text}!"


def by_context(context):
    return f"{context.prompt}!"


def by_annotation(ctx: RequestContext):
    return f"{ctx.prompt}!"


def by_text_annotation(ctx: "spaces_worker.RequestContext"):  # noqa: F821 - as a string only
    return f"{ctx.prompt}!"


def by_both(prompt, context):
    return f"{prompt}{context.prompt[5:]}!"


def by_both_reversed(context, prompt):
    return f"{prompt}{context.prompt[5:]}!"


def with_defaults(prompt, mark="!", *rest, context=None, **more):
    return f"{prompt}{mark}{context.prompt[5:]}"


def positional_only(prompt, /, context):
    return f"{prompt}!{context.prompt[5:]}"


def variadic(*texts, **more):
    return f"{''.join(texts)}!"


def variadic_beside_a_name(*rest, text):
    return f"{text}!"


def variadic_beside_the_context(*texts, context):
    return f"{''.join(texts)}!{context.prompt[5:]}"


def variadic_after_the_context(context, *rest):
    return f"{context.prompt}!"


def without_any():
    return "Hello!"


def pieces(prompt):
    yield prompt
    yield "!"


async def asynchronous(prompt):
    return f"{prompt}!"


async def asynchronous_pieces(prompt):
    yield prompt
    yield "!"


def returns_a_coroutine(prompt):
    return asynchronous(prompt)


def returns_a_generator(prompt):
    return pieces(prompt)


class Model:
    def __call__(self, prompt):
        return f"{prompt}!"

    async def method(self, prompt):
        return f"{prompt}!"


class AsyncModel:
    async def __call__(self, context):
        return f"{context.prompt}!"


KINDS = [
    by_prompt,
    by_any_name,
    by_context,
    by_annotation,
    by_text_annotation,
    by_both,
    by_both_reversed,
    with_defaults,
    positional_only,
    variadic,
    variadic_beside_a_name,
    variadic_beside_the_context,
    variadic_after_the_context,
    without_any,
    pieces,
    asynchronous,
    asynchronous_pieces,
    returns_a_coroutine,
    returns_a_generator,
    Model(),
    Model().method,
    AsyncModel(),
    functools.partial(by_both, context=context()),
    "{}!".format,
]


@pytest.mark.parametrize("function", KINDS, ids=name_of)
async def test_each_kind_of_function_gets_what_it_asks_for(function):
    assert (await call(function)).text == "Hello!"


@pytest.mark.parametrize("function", [asynchronous, asynchronous_pieces, AsyncModel()], ids=name_of)
def test_async_functions_are_not_put_into_threads(function):
    assert not prepare_function(function).in_thread


@pytest.mark.parametrize("function", [by_prompt, pieces, Model()], ids=name_of)
def test_plain_functions_are_put_into_threads(function):
    assert prepare_function(function).in_thread


@pytest.mark.parametrize("function", [lambda prompt, model: "", lambda a, b, *, context: ""])
def test_a_parameter_that_nothing_fills_is_refused_by_name(function):
    with pytest.raises(
        FunctionError, match=r"which is never filled.*prompt, messages, context and params"
    ):
        prepare_function(function)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(FunctionError, match="is not a function"):
        prepare_function("text")


async def test_the_last_piece_may_say_the_rest():
    def function(prompt):
        yield "Hel"
        yield "lo"
        yield Result(model="m")

    assert await call(function) == Result(text="Hello", model="m")


async def test_a_text_of_its_own_wins_over_the_pieces():
    def function(prompt):
        yield "Hel"
        yield Result(text="Bye")

    assert await call(function) == Result(text="Bye")


async def test_other_pieces_are_an_error():
    def function(prompt):
        yield 7

    with pytest.raises(TypeError, match="not int"):
        await call(function)


async def test_a_cancelled_generator_is_not_driven_on():
    seen = []
    this = context()

    def function(prompt):
        for number in range(5):
            seen.append(number)
            this.cancelled.set()
            yield "x"

    await prepare_function(function).call(this)

    assert seen == [0]


async def test_a_generator_may_return_the_rest_instead():
    def function(prompt):
        yield "Hel"
        yield "lo"
        return Result(model="m")

    assert await call(function) == Result(text="Hello", model="m")


async def test_a_generator_may_return_data_beside_its_text():
    def function(prompt):
        yield "Hello"
        return {"label": "greeting"}

    assert await call(function) == Result(text="Hello", data={"label": "greeting"})


async def test_a_generator_that_yields_nothing_answers_with_an_empty_text():
    def function(prompt):
        yield from ()

    assert await call(function) == Result(text="")


async def test_text_after_a_result_still_counts():
    async def function(prompt):
        yield "Hel"
        yield Result(model="early")
        yield Result(model="late")
        yield "lo"

    assert await call(function) == Result(text="Hello", model="late")


async def test_each_piece_is_told_as_it_comes():
    told = []
    this = RequestContext(request("a"), lambda piece: told.append(piece.text))

    def function(prompt):
        yield "Hel"
        assert told == ["Hel"]
        yield "lo\udc00"

    await prepare_function(function).call(this)

    assert told == ["Hel", "lo?"]


async def test_a_plain_function_may_stream_too():
    def function(context):
        context.stream("Hel")
        context.stream("lo")

    assert await call(function) == Result(text="Hello")


def test_only_text_can_be_streamed():
    with pytest.raises(TypeError, match="not bytes"):
        context().stream(b"x")


async def test_a_cancelled_generator_cleans_up():
    cleaned = []
    this = context()

    def function(prompt):
        try:
            this.cancelled.set()
            yield "x"
            yield "y"
        finally:
            cleaned.append(True)

    await prepare_function(function).call(this)

    assert cleaned == [True]


@pytest.mark.parametrize("error", [ValueError("x"), StopIteration(), KeyError("k")])
async def test_errors_of_a_thread_arrive(error):
    def function(prompt):
        raise error

    # A coroutine cannot raise StopIteration itself; Python turns it into a RuntimeError.
    expected = RuntimeError if isinstance(error, StopIteration) else type(error)
    with pytest.raises(expected):
        await call(function)


async def test_leaving_the_program_from_a_thread_is_an_error_like_others():
    def function(prompt):
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="SystemExit"):
        await call(function)
