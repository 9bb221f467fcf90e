"""Runs from order to end: answers, failures, stops, progress."""

import asyncio
import dataclasses
import enum
import gc
import io
import logging
import os
import sys
import threading
from collections import UserDict, deque
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

import msgspec
import numpy as np
import pydantic
import pytest

from spaces_protocol.codec import encode
from spaces_protocol.limits import MAX_MESSAGE_BYTES
from spaces_worker import Result, Usage, UserError
from spaces_worker._files.output_files import prepare_files
from spaces_worker._functions.functions import prepare_function
from spaces_worker._functions.result import as_result
from spaces_worker._session.effects import StopRun
from spaces_worker.testing import request_context
from tests.nested_values import lists, objects
from tests.unit.worker.support.runner_harness import RunnerHarness

NEUTRAL = "The worker could not answer this request."


async def outcome(function):
    return await RunnerHarness(function).start().end()


async def test_a_text_is_an_answer_with_the_time_it_took():
    message = await outcome(lambda prompt: f"{prompt}, you")

    assert (message.status, message.output.text) == ("completed", "Hello, you")
    assert message.request_id == "a"
    assert message.inference_time >= 0


@pytest.mark.parametrize("data", [{"label": "cat"}, [1, 2]])
async def test_a_dict_or_list_is_data(data):
    message = await outcome(lambda prompt: data)

    assert message.output.data == data
    assert message.output.text is None


async def test_streamed_text_is_told_and_is_the_text_of_the_answer():
    def function(prompt):
        yield "Hel"
        yield "lo"
        return {"label": "greeting"}

    harness = RunnerHarness(function).start()
    message = await harness.end()

    assert harness.texts == ["Hel", "lo"]
    assert (message.output.text, message.output.data) == ("Hello", {"label": "greeting"})


def endless(prompt):
    try:
        while True:
            yield "the same words again " * 10_000
    finally:
        CLOSED.append("plain")


async def endless_async(prompt):
    try:
        while True:
            yield "the same words again " * 10_000
            await asyncio.sleep(0)
    finally:
        CLOSED.append("async")


def endless_calls(context):
    try:
        while True:
            context.stream("the same words again " * 10_000)
    finally:
        CLOSED.append("calls")


CLOSED = []


@pytest.mark.parametrize("function", [endless, endless_async, endless_calls])
async def test_a_stream_without_end_is_ended(function):
    CLOSED.clear()

    message = await outcome(function)

    assert (message.status, message.error.type) == ("failed", "output_too_large")
    assert "it has more than 4096 KB" in message.error.message
    assert len(CLOSED) == 1


async def test_a_result_is_taken_over_and_its_total_added_up():
    answer = Result(
        text="Hi",
        data=1,
        confidence=0.5,
        model="m",
        usage=Usage(input_tokens=2, output_tokens=3),
        inference_time=9.5,
    )

    message = await outcome(lambda prompt: answer)

    assert (message.output.text, message.output.data) == ("Hi", 1)
    assert (message.confidence, message.model, message.inference_time) == (0.5, "m", 9.5)
    assert message.usage == Usage(input_tokens=2, output_tokens=3, total_tokens=5)


@pytest.mark.parametrize(
    "usage", [Usage(input_tokens=1), Usage(input_tokens=1, output_tokens=1, total_tokens=9)]
)
async def test_a_total_is_neither_guessed_nor_changed(usage):
    message = await outcome(lambda prompt: Result(text="", usage=usage))

    assert message.usage == usage


async def test_a_user_error_reaches_the_user():
    def function(prompt):
        raise UserError("Too blurred.", error_type="bad_image")

    message = await outcome(function)

    assert message.status == "failed"
    assert (message.error.message, message.error.type) == ("Too blurred.", "bad_image")


async def test_a_user_error_is_told_from_others_by_its_type():
    def function(prompt):
        raise UserError("Too blurred.")

    message = await outcome(function)

    assert message.error.type == "user_error"


async def test_a_long_user_error_is_cut():
    def function(prompt):
        raise UserError("x" * 5000)

    message = await outcome(function)

    assert len(message.error.message) == 2000


async def plain_exit(prompt):
    raise SystemExit(1)


async def cancels_itself(prompt):
    raise asyncio.CancelledError


def raises_secret(prompt):
    raise ValueError("secret detail")


@pytest.mark.parametrize("function", [raises_secret, plain_exit, cancels_itself])
async def test_other_errors_stay_here(function, caplog):
    message = await outcome(function)

    assert (message.status, message.error.message) == ("failed", NEUTRAL)
    assert message.error.type == "worker_error"
    assert "Traceback" in caplog.text or "raised an error" in caplog.text


async def test_the_log_holds_what_the_user_does_not_see(caplog):
    await outcome(raises_secret)

    assert "secret detail" in caplog.text


UNSENDABLE = {
    "nothing": (lambda prompt: None, "return str, dict, list"),
    "number": (lambda prompt: 7, "not int"),
    "percentage": (lambda prompt: Result(confidence=87), "is 87; it must be from 0 to 1"),
    "half_over": (lambda prompt: Result(confidence=1.5), "Result.confidence is 1.5"),
    "not_a_number": (lambda prompt: Result(confidence=float("nan")), "Result.confidence is nan"),
    "words": (lambda prompt: Result(confidence="high"), "Result.confidence must be a number"),
    "minus": (
        lambda prompt: Result(text="x", usage=Usage(input_tokens=-1)),
        "Result.usage.input_tokens is -1",
    ),
    "share": (lambda prompt: Result(usage={"input_tokens": 0.5}), "input_tokens is 0.5"),
    "names": (lambda prompt: Result(usage={"tokens": 1}), "Result.usage has no field 'tokens'"),
    "count": (lambda prompt: Result(usage=3), "Result.usage must be Usage"),
    "time": (lambda prompt: Result(inference_time=-1), "Result.inference_time is -1"),
    "no_file": (lambda prompt: Result(files=["a", {}]), r"Result.files[1] must be a path"),
    "no_files": (lambda prompt: Result(files=7), "Result.files must be a path"),
    "object": (lambda prompt: {"what": object()}, "type object"),
    "bytes_as_text": (lambda prompt: Result(text=b"Hi"), "Result.text must be a str, not bytes"),
    "file_in_data": (lambda prompt: {"image": Path("a.png")}, "put it in Result.files"),
    "key": (lambda prompt: {(1, 2): "a"}, "type tuple"),
    "member": (lambda prompt: enum.IntEnum("Number", "ONE").ONE, "not Number"),
    "yielded_file": (lambda prompt: iter([Path("a.png")]), "put data and files in a Result"),
}


@pytest.mark.parametrize(("function", "part"), UNSENDABLE.values(), ids=UNSENDABLE)
async def test_what_cannot_be_sent_is_a_failure_and_a_log_line(function, part, caplog):
    message = await outcome(function)

    assert (message.status, message.error.message) == ("failed", NEUTRAL)
    assert "Request a" in caplog.text
    # Not the traceback, which quotes this file.
    errors = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert any(part in text for text in [*caplog.messages, *map(str, errors)])


NUMBERS = {
    "numpy": (lambda prompt: Result(confidence=np.float32(0.5)), "confidence", 0.5),
    "in_half_precision": (lambda prompt: Result(confidence=np.float16(1.001)), "confidence", 1),
    "rounded_up": (lambda prompt: Result(confidence=1.0000001), "confidence", 1),
    "rounded_down": (lambda prompt: Result(confidence=-1e-9), "confidence", 0),
    "time": (lambda prompt: Result(inference_time=np.float32(2)), "inference_time", 2),
    "counts": (
        lambda prompt: Result(usage=Usage(input_tokens=np.int64(3), output_tokens=1)),
        "usage",
        Usage(input_tokens=3, output_tokens=1, total_tokens=4),
    ),
    "dict": (
        lambda prompt: Result(usage={"input_tokens": np.array(3)}),
        "usage",
        Usage(input_tokens=3),
    ),
}


@pytest.mark.parametrize(("function", "field", "expected"), NUMBERS.values(), ids=NUMBERS)
async def test_numbers_of_a_model_are_taken_as_they_are(function, field, expected):
    message = await outcome(function)

    assert message.status == "completed"
    assert getattr(message, field) == expected


ARRAYS = {
    "scalar_inside": ({"scores": [np.float32(0.5), np.bool_(1)]}, {"scores": [0.5, True]}),
    "array_inside": ({"v": np.arange(3)}, {"v": [0, 1, 2]}),
    "array": (np.eye(2), [[1, 0], [0, 1]]),
    "scalar": (np.float64(0.5), 0.5),
    "of_a_result": (Result(data=np.array([True])), [True]),
}


@pytest.mark.parametrize(("returned", "expected"), ARRAYS.values(), ids=ARRAYS)
@pytest.mark.parametrize("yielded", [False, True])
async def test_arrays_are_data(returned, expected, yielded):
    def generator(prompt):
        yield "Hi"
        return returned

    message = await outcome(generator if yielded else lambda prompt: returned)

    assert message.status == "completed"
    assert message.output.data == expected


class Label(str, enum.Enum):  # noqa: UP042 - not StrEnum, whose str() is its value
    CAT = "cat"


class Answer(pydantic.BaseModel):
    label: Label = Label.CAT
    at: datetime = datetime(2026, 1, 2, tzinfo=UTC)


class Numbers(pydantic.RootModel[list[int]]):
    pass


@dataclasses.dataclass
class Box:
    label: Label
    left: object


class Struct(msgspec.Struct):
    label: Label = Label.CAT


class Point(NamedTuple):
    x: int


class Markup(str):  # as of templates, parsers and the like
    __slots__ = ()


class Count(int):
    pass


class Share(float):
    pass


PLAIN = {"label": "cat", "at": "2026-01-02T00:00:00Z"}
RECORDS = {
    "pydantic": (Answer(), PLAIN),
    "pydantic in a list": ([Answer()], [PLAIN]),
    "pydantic in a dict": ({"a": Answer()}, {"a": PLAIN}),
    "pydantic in a result": (Result(data=Answer()), PLAIN),
    "pydantic with a root": (Numbers([1, 2]), [1, 2]),
    "dataclass": (Box(Label.CAT, np.float32(0.5)), {"label": "cat", "left": 0.5}),
    "dataclass with a model": (Box(Label.CAT, Answer()), {"label": "cat", "left": PLAIN}),
    "struct": (Struct(), {"label": "cat"}),
    "named tuple": (Point(1), [1]),
    "deque": (deque([1, 2]), [1, 2]),
    "set": ({1}, [1]),
    "range": (range(2), [0, 1]),
    "keys": ({"a": 1}.keys(), ["a"]),
    "read-only dict": (MappingProxyType({"a": UserDict(b=1)}), {"a": {"b": 1}}),
    "subclasses": (
        {Markup("a"): [Markup("bc"), Count(3), Share(0.5)]},
        {"a": ["bc", 3, 0.5]},
    ),
    "values that JSON has no form for": (
        {"id": UUID(int=1), "cost": Decimal("1.50"), Label.CAT: date(2026, 1, 2)},
        {"id": str(UUID(int=1)), "cost": "1.50", "cat": "2026-01-02"},
    ),
}


@pytest.mark.parametrize(("returned", "expected"), RECORDS.values(), ids=RECORDS)
async def test_collections_and_models_are_data(returned, expected):
    message = await outcome(lambda prompt: returned)

    assert message.status == "completed"
    assert message.output.data == expected


def yields_label(prompt):
    yield Label.CAT


@pytest.mark.parametrize(
    "function",
    [
        lambda prompt: Label.CAT,
        lambda prompt: enum.Enum("Other", {"CAT": "cat"}).CAT,
        lambda prompt: Result(text=Label.CAT),
        lambda context: context.stream(Label.CAT),
        yields_label,
    ],
)
async def test_a_member_of_an_enumeration_stands_for_its_value(function):
    assert (await outcome(function)).output.text == "cat"


async def test_an_error_that_is_a_member_of_an_enumeration_shows_its_value():
    def function(prompt):
        raise UserError(Label.CAT, error_type=Label.CAT)

    message = await outcome(function)

    assert (message.error.message, message.error.type) == ("cat", "cat")


def returned_later(value):
    async def function(prompt):
        return value()

    return function


def returned_at_the_end(value):
    def function(prompt):
        yield "Hi"
        return value()

    return function


def open_pipe():
    """Return the reading end of a pipe that has its content only after a while."""
    reading, writing = os.pipe()

    def write():
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(b"Hi")

    threading.Timer(0.05, write).start()
    return os.fdopen(reading, "rb")


OPEN = {
    "bytes": (lambda path: io.BytesIO(b"Hi"), "file-1.bin", "application/octet-stream"),
    "text": (lambda path: io.StringIO("Hi"), "file-1.txt", "text/plain"),
    "file": (lambda path: path.open("rb"), "a.csv", "text/csv"),
    "text file": (lambda path: path.open(), "a.csv", "text/csv"),
    "in a list": (lambda path: [path.open("rb")], "a.csv", "text/csv"),
    "in a result": (lambda path: Result(files=path.open("rb")), "a.csv", "text/csv"),
    "pipe": (lambda path: open_pipe(), "file-1.bin", "application/octet-stream"),
}


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize(
    "when", [lambda value: lambda prompt: value(), returned_later, returned_at_the_end]
)
@pytest.mark.parametrize(("create", "name", "kind"), OPEN.values(), ids=OPEN)
async def test_an_open_file_is_a_file(tmp_path, create, name, kind, when):
    (tmp_path / "a.csv").write_text("Hi")
    registered = prepare_function(when(lambda: create(tmp_path / "a.csv")))

    with request_context() as context:
        result = as_result(await registered.call(context), context.streamed)

    (file,) = prepare_files(result.files)
    with file.open() as opened:
        assert (file.name, file.content_type, opened.read()) == (name, kind, b"Hi")
    del registered, result, file
    warn_of_open_files()


def warn_of_open_files():
    """Let go of what threads of functions hold, so that no later test is warned of it."""
    for thread in threading.enumerate():
        if thread.name == "spaces-worker-function":
            thread.join(5)
    gc.collect()


@pytest.mark.timeout(10)
async def test_a_file_that_never_ends_does_not_keep_its_slot(tmp_path, caplog):
    os.mkfifo(tmp_path / "fifo")

    message = await outcome(lambda prompt: tmp_path / "fifo")

    assert (message.status, message.error.message) == (
        "failed",
        "A file of this request could not be transferred.",
    )
    assert f"{tmp_path / 'fifo'} of the answer cannot be read (it is a FIFO" in caplog.text


async def test_data_without_end_is_a_failure():
    endless = []
    endless.append(endless)

    message = await outcome(lambda prompt: endless)

    assert message.status == "failed"


async def test_an_answer_beyond_the_limit_is_a_clear_failure():
    message = await outcome(lambda prompt: "é" * (MAX_MESSAGE_BYTES // 2))

    assert message.status == "failed"
    assert "too large" in message.error.message


async def test_the_largest_answer_passes():
    message = await outcome(lambda prompt: "x" * (MAX_MESSAGE_BYTES - 400))

    assert message.status == "completed"
    assert len(encode(message)) <= MAX_MESSAGE_BYTES


async def test_broken_unicode_is_mended():
    message = await outcome(lambda prompt: "a\ud800b")

    assert message.output.text == "a?b"


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        ({"f": "bad\udcff"}, {"f": "bad?"}),
        ({"bad\udcff": [("\ud83d\ude00", {"deep": "\ud800"})]}, {"bad?": [["😀", {"deep": "?"}]]}),
        ([float("nan"), "\ud800"], [None, "?"]),
        ({1: np.array([2]), "x": "\ud800"}, {"1": [2], "x": "?"}),
    ],
)
async def test_broken_unicode_in_data_is_mended_too(data, sent):
    message = await outcome(lambda prompt: data)

    assert (message.status, message.output.data) == ("completed", sent)


@pytest.mark.parametrize("nested", [objects, lists, lambda depth: (objects(depth - 1),)])
@pytest.mark.parametrize(
    ("depth", "status"), [(64, "completed"), (65, "failed"), (500, "failed"), (20_000, "failed")]
)
async def test_data_that_the_gateway_refuses_is_not_sent(nested, depth, status, caplog):
    message = await outcome(lambda prompt: Result(data=nested(depth)))

    assert message.status == status
    if depth == 65:
        assert "Result.data is nested more than 64 levels deep. Flatten it." in caplog.text


async def test_an_emoji_whose_halves_are_streamed_is_whole():
    def function(prompt):
        yield "x\ud83d"
        yield "\ude00y"
        yield "\ud83d"

    harness = RunnerHarness(function).start()
    message = await harness.end()

    assert message.output.text == "x😀y?"
    assert "".join(harness.texts) == "x😀y"


@pytest.mark.parametrize("text", ["", "  ", "\n"])
async def test_a_user_error_without_a_text_still_says_something(text, caplog):
    def function(prompt):
        raise UserError(text)

    message = await outcome(function)

    assert (message.status, message.error.message) == ("failed", NEUTRAL)
    assert message.error.type == "worker_error"
    assert "UserError without a text" in caplog.text


def yields_nothing(prompt):
    yield from ()


EMPTY = {
    "empty": lambda prompt: "",
    "blanks": lambda prompt: " \n",
    "yields_nothing": yields_nothing,
    "yields_blanks": lambda prompt: iter([" "]),
    "result": lambda prompt: Result(text="", confidence=1),
}


@pytest.mark.parametrize("function", EMPTY.values(), ids=EMPTY)
async def test_an_empty_answer_is_an_answer_and_a_warning(function, caplog):
    message = await outcome(function)

    assert message.status == "completed"
    assert "Request a: the answer is empty." in caplog.text


@pytest.mark.parametrize("data", [0, False, "", [], {}])
async def test_data_is_not_empty(data, caplog):
    message = await outcome(lambda prompt: Result(data=data))

    assert message.status == "completed"
    assert "empty" not in caplog.text


async def test_a_space_without_a_function_gets_a_failure():
    message = await RunnerHarness(str).start(space="other").end()

    assert message.status == "failed"


async def test_progress_is_made_fit_for_the_wire():
    def function(context):
        context.progress(250, message="m" * 400)
        context.progress(float("nan"), step=-3, total=2.0)
        context.progress(message="a\udc00")
        context.progress(step=sys.maxsize, total=float("inf"))
        context.progress(step=float("nan"))
        return ""

    harness = RunnerHarness(function).start()
    await harness.end()

    first, second, third, fourth, fifth = harness.points
    assert (first.percent, len(first.message)) == (100, 300)
    assert (second.percent, second.step, second.total) == (None, 0, 2)
    assert third.message == "a?"
    assert (fourth.step, fourth.total) == (10**12, 10**12)
    assert fifth.step is None


async def test_a_stopped_async_function_is_cancelled():
    began = asyncio.Event()
    cleaned = []

    async def function(prompt):
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append(True)

    harness = RunnerHarness(function).start()
    await began.wait()
    harness.runner.execute(StopRun(1, "cancelled"))

    assert await harness.end() is None
    assert cleaned == [True]


async def test_a_run_that_is_stopped_before_its_first_step_still_ends():
    harness = RunnerHarness(plain_exit).start()
    harness.runner.execute(StopRun(1, "cancelled"))

    assert await harness.end() is None


async def test_a_stopped_thread_learns_it_and_keeps_its_run_until_it_ends(caplog):
    caplog.set_level(logging.INFO)
    began = asyncio.Event()
    loop = asyncio.get_running_loop()
    release = threading.Event()

    def function(context):
        loop.call_soon_threadsafe(began.set)
        context.cancelled.wait()
        release.wait()
        return "late"

    harness = RunnerHarness(function).start()
    await began.wait()
    harness.runner.execute(StopRun(1, "cancelled"))
    await asyncio.sleep(0)
    assert harness.ends.empty()

    release.set()
    await harness.end()
    assert "answered" not in caplog.text


async def test_stop_of_an_unknown_run_is_nothing():
    RunnerHarness(str).runner.execute(StopRun(7, "late"))


async def test_close_stops_all_and_leaves_stuck_threads_behind():
    began = asyncio.Event()
    loop = asyncio.get_running_loop()
    seen = []
    release = threading.Event()

    def function(context):
        seen.append(context)
        loop.call_soon_threadsafe(began.set)
        release.wait()
        return ""

    harness = RunnerHarness(function).start()
    await began.wait()
    await harness.runner.close()
    release.set()

    assert seen[0].cancelled.is_set()
    assert await harness.end() is None


async def test_a_function_that_was_told_to_stop_may_clean_up_at_the_end():
    began = asyncio.Event()
    cleaned = []

    async def function(prompt):
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(10):
                await asyncio.sleep(0)
            cleaned.append(True)

    harness = RunnerHarness(function).start()
    await began.wait()
    harness.runner.execute(StopRun(1, "handed back"))
    await asyncio.sleep(0)

    await harness.runner.close()

    assert cleaned == [True]


async def test_a_function_that_cleans_up_for_ever_is_told_once_more(monkeypatch):
    monkeypatch.setattr("spaces_worker._functions.runner.CLOSE_SECONDS", 0.01)
    began = asyncio.Event()

    async def function(prompt):
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.Event().wait()

    harness = RunnerHarness(function).start()
    await began.wait()

    await harness.runner.close()

    assert await harness.end() is None


class Odd(BaseException):
    """No Exception, such as the groups and exits of test and task libraries."""


async def test_whatever_ends_a_function_its_slot_is_freed(caplog):
    async def raises_odd(prompt):
        raise Odd("a secret of the machine")

    message = await outcome(raises_odd)

    assert (message.status, message.error.message) == ("failed", NEUTRAL)
    assert "a secret of the machine" in caplog.text


async def test_an_answer_is_not_lost_when_there_is_no_thread_to_tidy_up(monkeypatch):
    started = threading.Thread.start

    def only_for_functions(thread):
        if folders:
            raise RuntimeError("can't start new thread")
        started(thread)

    async def function(context):
        folders.append(context.folder)
        return "done"

    folders = []
    monkeypatch.setattr(threading.Thread, "start", only_for_functions)
    message = await outcome(function)

    assert message.output.text == "done"
    assert not folders[0].exists()
