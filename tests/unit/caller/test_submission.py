"""What a submit contains."""

import json
import math
from io import BytesIO
from pathlib import Path

import pytest

from spaces_client import Upload, UsageError
from spaces_client._core.effects import Lost
from spaces_client._core.requests import submit
from spaces_client._core.submission import Options, check_options, submission
from spaces_protocol.limits import MAX_IDEMPOTENCY_KEY_CHARS
from spaces_protocol.rest_bodies import Submission
from tests.unit.caller.flows import Scene

MESSAGES = [{"role": "user", "content": "hi"}]


def body(prompt=None, files=(), **options):
    check_options(prompt, options)
    return json.loads(submission(prompt, options, files))


def test_a_prompt_with_everything():
    sent = body(
        "hi",
        ["u1"],
        params={"a": 1},
        timeout_seconds=5,
        start_timeout_seconds=6,
        metadata={"b": "c"},
    )

    assert sent == {
        "input": {"prompt": "hi", "params": {"a": 1}, "files": [{"upload_id": "u1"}]},
        "timeout_seconds": 5,
        "start_timeout_seconds": 6,
        "metadata": {"b": "c"},
    }


def test_an_empty_prompt_is_one():
    assert body("") == {"input": {"prompt": ""}}


def test_messages_with_params_are_a_chat_completion():
    assert body(messages=MESSAGES, params={"temperature": 0})["input"] == {
        "call": {"endpoint": "chat.completions", "body": {"messages": MESSAGES, "temperature": 0}}
    }


def test_a_call_goes_as_it_is():
    call = {"endpoint": "embeddings", "body": {"input": "hi"}}

    assert body(call=call) == {"input": {"call": call}}


def test_finite_numbers_go_as_they_are():
    params = {"a": 1.5, "b": [2**63, {"c": 1e308}]}

    assert body("hi", params=params)["input"]["params"] == params


def test_open_files_are_not_looked_for_numbers():
    check_options(None, {"files": [BytesIO(b"x")]})


@pytest.mark.parametrize("one", ["README.md", Path("README.md")])
def test_a_single_path_is_refused_with_what_to_write(one):
    with pytest.raises(UsageError, match=r"^files must be a list: files=\['README\.md'\]\.$"):
        check_options(None, {"files": one})


@pytest.mark.parametrize("one", [b"x", BytesIO(b"x"), Upload("README.md"), None])
def test_a_single_file_of_another_kind_is_refused_too(one):
    with pytest.raises(UsageError, match=r"^files must be a list: files=\[…\]\.$"):
        check_options("hi", {"files": one})


@pytest.mark.parametrize("several", [("a", "b"), {"a"}, iter(["a"]), {"a": 1}.keys()])
def test_files_may_come_in_any_collection(several):
    check_options(None, {"files": several})


@pytest.mark.parametrize("key", ["k", "k" * MAX_IDEMPOTENCY_KEY_CHARS, "order 7: !~"])
def test_a_key_that_the_gateway_takes_can_be_passed(key):
    check_options("hi", {"idempotency_key": key})


@pytest.mark.parametrize(
    "key",
    ["", "k" * (MAX_IDEMPOTENCY_KEY_CHARS + 1), " ", " k", "k ", "é", "a\nb", "k\n", "\x7f", 7],
)
def test_any_other_key_is_refused_before_anything_is_sent(key):
    scene = Scene([Lost("cut")])

    with pytest.raises(UsageError, match=r"^idempotency_key .* 1 to 255 .* ASCII .* Pass "):
        scene.run(submit, "echo", "hi", {"idempotency_key": key})

    assert (scene.calls, scene.pauses) == ([], [])


def test_the_options_that_the_gateway_takes_can_be_passed():
    assert set(Submission.__struct_fields__) - {"input"} <= set(Options.__annotations__)


@pytest.mark.parametrize(
    ("prompt", "options", "said"),
    [
        (None, {}, "Pass a prompt"),
        ("hi", {"messages": MESSAGES}, "one of prompt, messages and call"),
        (None, {"messages": MESSAGES, "call": {}}, "one of prompt, messages and call"),
        (None, {"call": {}, "params": {"a": 1}}, "body of the call"),
        ("hi", {"temperature": 1}, "no option 'temperature'"),
        ("hi", {"params": {"a": object()}}, "written as JSON"),
        ("half an emoji: \ud83d", {}, "written as JSON"),
        ("hi", {"params": {"a": math.nan}}, r"^params\.a is nan, and JSON has no such number"),
        ("hi", {"params": {"a": [1, {"b": -math.inf}]}}, r"^params\.a\[1\]\.b is -inf"),
        (None, {"messages": [{"data": (math.inf,)}]}, r"^messages\[0\]\.data\[0\] is inf"),
        (None, {"call": {"body": {"x": math.nan}}}, r"^call\.body\.x is nan"),
        ("hi", {"timeout_seconds": math.nan}, r"^timeout_seconds is nan"),
        ("hi", {"start_timeout_seconds": math.inf}, r"^start_timeout_seconds is inf"),
        (math.nan, {}, r"^The prompt must be text, not float\. Use str\(prompt\)\.$"),
        (b"hi", {}, r"^The prompt must be text, not bytes\. Decode it: prompt\.decode\(\)\.$"),
        (bytearray(b"hi"), {}, r"^The prompt must be text, not bytearray\. Decode it"),
        (
            "hi",
            {"params": {"a": [b"x"]}},
            r"^params\.a\[0\] is bytes, and JSON has none\. Pass text",
        ),
        ("hi", {"params": {"a": {b"x": 1}}}, r"^A name in params\.a is bytes"),
        ("hi", {"metadata": {"a": bytearray(b"x")}}, r"^metadata\.a is bytes"),
        (None, {"messages": [{"content": memoryview(b"x")}]}, r"^messages\[0\]\.content is bytes"),
        (None, {"call": {"body": {"input": b"x"}}}, r"^call\.body\.input is bytes"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_remedy(prompt, options, said):
    with pytest.raises(UsageError, match=said):
        body(prompt, **options)
