"""Bodies of the calls."""

import pytest

from spaces.domain.openai.bodies import read_call
from spaces.domain.openai.errors import UnusableField
from tests.nested_values import objects

CHAT = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def test_body_is_kept_as_it_came():
    body = CHAT | {"tools": [{"x": 1}], "unknown": None, "stream": True}

    call = read_call("chat.completions", body)

    assert call.fields is body
    assert (call.model, call.streams) == ("m", True)


@pytest.mark.parametrize(
    ("endpoint", "body", "param", "code"),
    [
        ("chat.completions", [], None, "invalid_type"),
        ("chat.completions", "x", None, "invalid_type"),
        ("chat.completions", None, None, "invalid_type"),
        ("chat.completions", {}, "model", "missing_required_parameter"),
        ("chat.completions", {"model": "m"}, "messages", "missing_required_parameter"),
        ("chat.completions", CHAT | {"model": 5}, "model", "invalid_type"),
        ("chat.completions", CHAT | {"model": ""}, "model", "invalid_type"),
        ("chat.completions", CHAT | {"messages": []}, "messages", "invalid_type"),
        ("chat.completions", CHAT | {"messages": {}}, "messages", "invalid_type"),
        ("chat.completions", CHAT | {"messages": ["hi"]}, "messages[0]", "invalid_type"),
        (
            "chat.completions",
            CHAT | {"messages": [{"content": "hi"}]},
            "messages[0].role",
            "missing_required_parameter",
        ),
        (
            "chat.completions",
            CHAT | {"messages": [{"role": "user", "content": 5}]},
            "messages[0].content",
            "invalid_type",
        ),
        ("chat.completions", CHAT | {"stream": "yes"}, "stream", "invalid_type"),
        ("chat.completions", CHAT | {"stream_options": []}, "stream_options", "invalid_type"),
        (
            "chat.completions",
            CHAT | {"stream_options": {"include_usage": 1}},
            "stream_options.include_usage",
            "invalid_type",
        ),
        ("completions", {"model": "m"}, "prompt", "missing_required_parameter"),
        ("embeddings", {"model": "m", "input": 5}, "input", "invalid_type"),
        ("images.generations", {"model": "m", "prompt": []}, "prompt", "invalid_type"),
        ("chat.completions", CHAT | {"deep": objects(100)}, None, "invalid_value"),
    ],
)
def test_wrong_field_is_named(endpoint, body, param, code):
    with pytest.raises(UnusableField) as refused:
        read_call(endpoint, body)

    assert (refused.value.param, refused.value.code) == (param, code)
    assert refused.value.detail.endswith(".")
