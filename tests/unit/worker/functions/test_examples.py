"""Declared examples: checked when they are declared, sent when the worker registers."""

from typing import Literal

import msgspec
import pytest

from spaces_protocol.codec import decode_worker_message, encode
from spaces_protocol.examples import Example
from spaces_protocol.limits import MAX_ALL_EXAMPLES_BYTES
from spaces_protocol.worker_messages import Register
from spaces_worker import FunctionError, Worker
from spaces_worker._functions.examples import check_examples_size, declare_examples
from spaces_worker._functions.params import declare_params
from tests.unit.worker.support.session_harness import SessionHarness


class Params(msgspec.Struct, forbid_unknown_fields=True):
    voice: Literal["a", "b"] = "a"
    speed: float = 1


def test_a_text_is_a_prompt():
    assert declare_examples(["Hello"]) == (Example(prompt="Hello"),)


def test_a_function_keeps_its_examples():
    worker = Worker()

    @worker.space("say", examples=["Hello", {"title": "Fast", "prompt": "Hi", "params": {"n": 2}}])
    def say(prompt, params):
        return prompt

    assert worker.declared.functions["say"].examples == (
        Example(prompt="Hello"),
        Example(title="Fast", prompt="Hi", params={"n": 2}),
    )


def test_registering_sends_the_examples_of_each_space_that_has_some():
    harness = SessionHarness(spaces=["a", "b"], examples={"a": (Example(prompt="Hello"),), "b": ()})

    (register,) = [each for each in harness.open() if isinstance(each, Register)]

    assert decode_worker_message(encode(register)).examples == {"a": [{"prompt": "Hello"}]}


@pytest.mark.parametrize(
    ("examples", "says"),
    [
        ("Hello", "must be a list"),
        ([5], r"examples\[0\] must be a prompt, or an object"),
        ([{"promt": "Hello"}], r"examples\[0\] has no field 'promt'; there are title, prompt"),
        ([{"prompt": ["Hello"]}], r"examples\[0\]\.prompt must be text"),
        ([{"title": "Nothing"}], r"examples\[0\] is empty"),
        (["Hello", " "], r"examples\[1\] is empty"),
        (["Hello"] * 13, "at most 12 entries"),
        ([{"prompt": "Hi", "params": {"voice": "c"}}], r"params\.voice must be one of a, b"),
        ([{"prompt": "Hi", "params": {"speed": "x"}}], r"params\.speed must be of the type number"),
        ([{"prompt": "Hi", "params": {"pitch": 1}}], "'pitch'"),
        ([{"prompt": "Hi", "params": {"voice": object()}}], "cannot be used"),
        (
            [{"prompt": "Hi", "messages": [{"role": "user", "content": "Hi"}]}],
            "messages and also a prompt",
        ),
        (
            [{"messages": [{"role": "robot", "content": "Hi"}]}],
            "must be one of assistant, system, user",
        ),
    ],
)
def test_a_wrong_example_is_named(examples, says):
    with pytest.raises(FunctionError, match=says):
        declare_examples(examples, declare_params(Params))


def test_params_are_checked_as_those_of_a_request_are():
    class Bounded(msgspec.Struct):
        times: int = msgspec.field(default=1)

        def __post_init__(self):
            if self.times > 3:
                raise ValueError("at most 3 times")

    with pytest.raises(FunctionError, match=r"examples\[1\]\.params.*at most 3 times"):
        declare_examples(["Hi", {"prompt": "Hi", "params": {"times": 4}}], declare_params(Bounded))


def test_the_examples_of_all_spaces_together_are_bounded():
    each = declare_examples(["x" * 8_000])

    check_examples_size({"a": each, "b": each, "c": each})
    with pytest.raises(FunctionError, match=str(MAX_ALL_EXAMPLES_BYTES)):
        check_examples_size({"a": each, "b": each, "c": each, "d": each})
