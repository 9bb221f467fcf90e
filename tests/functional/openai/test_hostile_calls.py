"""Calls of every wrong shape get an error object with a sentence."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spaces.handlers.openai import whole_answers
from spaces_protocol.limits import MAX_INPUT_BYTES, MAX_SUBMIT_BYTES
from tests.functional.openai.support.scripts import CHAT

JSON_PATHS = ["/chat/completions", "/completions", "/embeddings", "/images/generations"]
FORM = {"Content-Type": "multipart/form-data; boundary=xyz"}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
FIELDS = [
    *("messages", "prompt", "input", "stream", "stream_options", "n", "tools", "response_format"),
    *("temperature", "max_tokens", "stop", "logprobs", "store", "encoding_format", "role"),
]
message = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "system", "tool", ""])}, optional={"content": values}
)
bodies = st.dictionaries(
    st.sampled_from(FIELDS), values | st.lists(message, max_size=3), max_size=5
).map(lambda body: {"model": "echo", **body})


@pytest.fixture(autouse=True)
def quick(live, monkeypatch):
    live.create_space("calls", features=("call",))
    monkeypatch.setattr(whole_answers, "HOLD_SECONDS", 0)


def expect_error(answer):
    assert 400 <= answer.status < 500, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    error = answer.error
    assert error.keys() == {"message", "type", "param", "code"}
    assert len(error["message"]) > 10


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    path=st.sampled_from(JSON_PATHS), body=bodies | values, model=st.sampled_from(["echo", "calls"])
)
def test_any_json_is_accepted_or_refused_with_an_error_object(api, path, body, model):
    if isinstance(body, dict):
        body = body | {"model": model}
        body.pop("stream", None)
    answer = api.post(path, json.dumps(body).encode())

    if answer.status != 303:
        expect_error(answer)


@pytest.mark.parametrize("path", JSON_PATHS)
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"{", {}),
        (b"\xff\xfe", {}),
        (b"null", {}),
        (b'{"model": "echo"}', {"Content-Type": "text/plain"}),
        (b'{"model": "echo"}', {"Content-Type": ""}),
        (b"[" * 100_000, {}),
        (b'{"model":' * 5000 + b"1" + b"}" * 5000, {}),
        (b'{"model": "echo", "x": "\\ud800"}', {}),
        (json.dumps(CHAT).encode(), {"Idempotency-Key": "x" * 256}),
    ],
)
def test_what_is_no_call_is_refused(api, path, body, headers):
    expect_error(api.post(path, body, headers))


def test_forms_of_every_wrong_shape_are_refused(api):
    for body in (b"", b"{}", b"--xyz--", b"--xyz\r\n\r\n--xyz--"):
        expect_error(api.post("/audio/transcriptions", body, FORM))
    expect_error(api.post("/audio/transcriptions", CHAT))


def sized(size):
    """Return a call whose body has exactly this many bytes."""
    body = {"model": "calls", "messages": [{"role": "user", "content": ""}]}
    body["messages"][0]["content"] = "x" * (size - len(json.dumps(body)))
    return json.dumps(body).encode()


def test_body_larger_than_any_submit_is_not_read(api):
    largest = api.post("/chat/completions", sized(MAX_INPUT_BYTES + 1))
    larger = api.post("/chat/completions", sized(MAX_SUBMIT_BYTES + 1))

    assert (largest.status, larger.status) == (413, 413)
    assert largest.error["code"] == "input_too_large"  # of this space
    assert larger.error["code"] == "body_too_large"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/chat/completions", 405),
        ("DELETE", "/models", 405),
        ("POST", "/models/echo", 405),
        ("POST", "/responses", 404),
        ("GET", "/", 404),
        ("GET", "/models/a/b", 404),
        ("POST", "/chat/completions/../models", 404),
        ("GET", "/chat/completions/x/y", 404),
    ],
)
def test_path_that_does_not_exist_is_an_error_object(api, method, path, status):
    answer = api.call(method, path)

    expect_error(answer)
    assert answer.status == status
