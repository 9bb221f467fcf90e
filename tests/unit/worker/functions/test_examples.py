"""Declared examples: checked when they are declared, sent when the worker registers."""

import hashlib
from typing import Literal

import msgspec
import pytest

from spaces_protocol.codec import decode_worker_message, encode
from spaces_protocol.examples import Example, ExampleFile
from spaces_protocol.limits import MAX_ALL_EXAMPLES_BYTES, MAX_EXAMPLE_FILE_BYTES
from spaces_protocol.worker_messages import Register
from spaces_worker import FunctionError, Worker
from spaces_worker._functions.examples import check_examples_size, declare_examples
from spaces_worker._functions.params import declare_params
from tests.unit.worker.support.session_harness import SessionHarness

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


class Params(msgspec.Struct, forbid_unknown_fields=True):
    voice: Literal["a", "b"] = "a"
    speed: float = 1


def test_a_text_is_a_prompt():
    assert declare_examples(["Hello"]).inputs == (Example(prompt="Hello"),)


def test_a_function_keeps_its_examples():
    worker = Worker()

    @worker.space("say", examples=["Hello", {"title": "Fast", "prompt": "Hi", "params": {"n": 2}}])
    def say(prompt, params):
        return prompt

    assert worker.declared.functions["say"].examples.inputs == (
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
        ([{"files": "cat.png"}], r"examples\[0\]\.files must be a list of paths"),
        ([{"files": [5]}], r"examples\[0\]\.files\[0\] must be a path"),
        ([{"files": ["gone.png"]}], r"files\[0\]: gone\.png cannot be read \(No such file"),
        (["Hello", " "], r"examples\[1\] is empty"),
        (["Hello"] * 13, "at most 12 entries"),
        ([{"prompt": "Hi", "params": {"voice": "c"}}], r"params\.voice must be one of a, b"),
        ([{"prompt": "Hi", "params": {"speed": "x"}}], r"params\.speed must be of the type number"),
        ([{"prompt": "Hi", "params": {"pitch": 1}}], "'pitch'"),
        ([{"prompt": "Hi", "params": {"voice": object()}}], "cannot be used"),
        (
            [{"prompt": "Hi", "messages": [{"role": "user", "content": "Hi"}]}],
            "messages and also a prompt, params or files",
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
    each = declare_examples(["x" * 8_000]).inputs

    check_examples_size({"a": each, "b": each, "c": each})
    with pytest.raises(FunctionError, match=str(MAX_ALL_EXAMPLES_BYTES)):
        check_examples_size({"a": each, "b": each, "c": each, "d": each})


def test_files_are_declared_by_what_is_in_them(tmp_path):
    (tmp_path / "cat.png").write_bytes(PNG)

    declared = declare_examples([{"prompt": "What is it?", "files": ["cat.png"]}], folder=tmp_path)

    (example,) = declared.inputs
    digest = hashlib.sha256(PNG).hexdigest()
    assert example.files == [
        ExampleFile(name="cat.png", content_type="image/png", size=len(PNG), sha256=digest)
    ]
    with declared.files[digest].open() as file:
        assert file.read() == PNG


def test_the_type_of_a_file_without_an_ending_is_seen_in_it(tmp_path):
    (tmp_path / "cat").write_bytes(PNG)

    (example,) = declare_examples([{"files": [tmp_path / "cat"]}]).inputs

    assert example.files[0].content_type == "image/png"


@pytest.mark.parametrize(
    ("size", "says"), [(0, "has 0 bytes"), (MAX_EXAMPLE_FILE_BYTES + 1, "10,485,760 are allowed")]
)
def test_a_file_of_the_wrong_size_is_named(tmp_path, size, says):
    with (tmp_path / "cat.png").open("wb") as file:
        file.truncate(size)

    with pytest.raises(FunctionError, match=f"cat.png.*{says}"):
        declare_examples([{"files": ["cat.png"]}], folder=tmp_path)


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(FunctionError, match="is a folder, not a file"):
        declare_examples([{"files": ["."]}], folder=tmp_path)


def test_the_files_of_a_space_are_bounded(tmp_path):
    for number in range(11):
        (tmp_path / f"{number}.png").write_bytes(PNG + bytes([number]))

    with pytest.raises(FunctionError, match="11 files together; the limit is 10"):
        declare_examples([{"files": [f"{number}.png"]} for number in range(11)], folder=tmp_path)
