"""Messages of every wrong shape get a JSON-RPC error that says what to do."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spaces_protocol.limits import MAX_SUBMIT_BYTES
from tests.functional.mcp.support.endpoint import LEGACY, MODERN, PREFIX, meta

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
PAGE = {"Origin": "https://evil.example"}
REFUSED = [
    (b"", {}, 400, -32700, "not valid JSON"),
    (b"{", {}, 400, -32700, "not valid JSON"),
    (b"\xff\xfe", {}, 400, -32700, "not valid JSON"),
    (b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "x"}', {}, 400, -32700, "not valid JSON"),
    (b"[" * 100_000, {}, 400, -32700, "nested"),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, {}, 400, -32700, "nested"),
    (b"null", {}, 400, -32600, "must be a JSON object"),
    ([PING, PING], {}, 400, -32600, "batch"),
    ([], {}, 400, -32600, "batch"),
    ({**PING, "jsonrpc": "1.0"}, {}, 400, -32600, "jsonrpc"),
    ({**PING, "id": None}, {}, 400, -32600, "id must be"),
    ({**PING, "id": True}, {}, 400, -32600, "id must be"),
    ({**PING, "id": 1.5}, {}, 400, -32600, "id must be"),
    ({**PING, "id": 2**53}, {}, 400, -32600, "id must be"),
    ({**PING, "id": "x" * 256}, {}, 400, -32600, "255"),
    ({**PING, "id": {}}, {}, 400, -32600, "id must be"),
    ({**PING, "method": 7}, {}, 400, -32600, "method must be"),
    ({**PING, "params": []}, {}, 400, -32600, "params must be an object"),
    ({**PING, "params": {"_meta": 1}}, {}, 400, -32600, "params._meta"),
    ({"jsonrpc": "2.0", "id": 1, "result": {}}, {}, 400, -32600, "takes no responses"),
    ({"jsonrpc": "2.0", "id": 1}, {}, 400, -32600, "method must be"),
    (PING, {"Content-Type": "text/plain"}, 415, -32600, "Content-Type"),
    (PING, {"Content-Type": ""}, 415, -32600, "Content-Type"),
    (PING, {"Authorization": "Bearer wsk_" + "x" * 43}, 401, -32600, "key"),
    (PING, {"Authorization": "Bearer sk-other"}, 401, -32600, "key"),
    (PING, {"Authorization": "Basic YTpi"}, 401, -32600, "key"),
    (PING, {"Authorization": ""}, 401, -32600, "key"),
    (PING, PAGE, 403, -32600, "API key"),
    (PING, {"Origin": "null"}, 403, -32600, "API key"),
    (PING, {"MCP-Protocol-Version": "x" * 500}, 400, -32022, "not supported"),
    (PING, {"MCP-Protocol-Version": f"{LEGACY}, {LEGACY}"}, 400, -32022, "not supported"),
    (PING, {"MCP-Protocol-Version": MODERN}, 400, -32602, "params._meta"),
    ({**PING, "method": "tools/destroy"}, {}, 200, -32601, "tools/list"),
    ({**PING, "method": "x" * 5000}, {}, 200, -32601, "no method"),
    ({**PING, "method": "tools/call"}, {}, 200, -32602, "params.name"),
    ({**PING, "method": "tools/call", "params": {"name": 7}}, {}, 200, -32602, "params.name"),
    (
        {**PING, "method": "tools/call", "params": {"name": "echo", "arguments": []}},
        {},
        200,
        -32602,
        "params.arguments",
    ),
    ({**PING, "method": "tools/list", "params": {"cursor": 7}}, {}, 200, -32602, "params.cursor"),
    ({**PING, "method": "tasks/get"}, {}, 200, -32602, "params.taskId"),
]


def expect_error(answer):
    assert answer.status < 500, answer.body
    assert answer.headers["Content-Type"] == "application/json"
    message = answer.message
    assert message["jsonrpc"] == "2.0"
    assert isinstance(message["error"]["code"], int)
    assert 10 < len(message["error"]["message"]) < 500
    return message["error"]


@pytest.mark.parametrize(("body", "headers", "status", "code", "said"), REFUSED)
def test_what_is_no_call_is_refused(mcp, body, headers, status, code, said):
    answer = mcp.send(body, headers)

    error = expect_error(answer)
    assert (answer.status, error["code"]) == (status, code)
    assert said in error["message"]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS"])
def test_there_are_no_sessions_or_open_streams(mcp, method):
    answer = mcp.send(b"", method=method)

    expect_error(answer)
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert not any(name.lower().startswith("access-control") for name in answer.headers)


def test_wrong_key_is_challenged(mcp):
    answer = mcp.send(PING, {"Authorization": "Bearer wsk_wrong"})

    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_page_with_a_key_of_its_own_may_call(mcp, key):
    assert mcp.send(PING, PAGE | key).result == {}


def test_body_larger_than_any_submit_is_not_read(mcp):
    body = json.dumps({**PING, "params": {"x": "y" * MAX_SUBMIT_BYTES}}).encode()

    answer = mcp.send(body)

    assert answer.status == 413
    assert "POST /v1/uploads" in expect_error(answer)["message"]


def test_method_that_the_newest_version_does_not_have_is_404(mcp):
    for method in ("initialize", "ping", "tasks/result", "tasks/list", "resources/list"):
        answer = mcp.modern(method)
        assert (answer.status, expect_error(answer)["code"]) == (404, -32601)


@pytest.mark.parametrize("missing", ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"])
def test_header_that_the_newest_version_wants_may_not_be_missing(mcp, missing):
    params = {"name": "echo", "arguments": {}, "_meta": meta()}
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call", "Mcp-Name": "echo"}
    del headers[missing]

    answer = mcp.send({**PING, "method": "tools/call", "params": params}, headers)

    assert (answer.status, expect_error(answer)["code"]) == (400, -32020)
    assert missing in answer.error["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "prompt is empty"),
        ({"prompt": 7}, "prompt must be a text"),
        ({"prompt": "x", "params": []}, "params must be an object"),
        ({"prompt": "x", "a": 1, "params": {"a": 2}}, "given twice"),
        ({"prompt": "x", "timeout_seconds": "5"}, "timeout_seconds"),
        ({"prompt": "x", "timeout_seconds": 0}, "timeout_seconds"),
        ({"prompt": "x", "timeout_seconds": 10**5}, "timeout_seconds"),
        ({"prompt": "x", "timeout_seconds": True}, "timeout_seconds"),
        ({"prompt": "x" * 300_000}, "at most 262,144"),
        ({"prompt": "x", "files": [{"data": "aGk="}]}, "does not accept files"),
        ({"prompt": "x", "call": {"endpoint": "embeddings", "body": {}}}, "does not accept calls"),
    ],
)
def test_argument_that_cannot_be_used_is_a_result_that_a_model_can_read(mcp, arguments, said):
    answer = mcp.call("echo", arguments)

    assert (answer.status, answer.result["isError"]) == (200, True)
    assert said in answer.text


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
names = st.sampled_from(
    ["name", "arguments", "task", "taskId", "cursor", "_meta", "prompt", "files", "call", "params"]
)
some_params = st.dictionaries(names, values, max_size=4)
METHODS = [
    *("initialize", "ping", "tools/list", "tools/call", "tasks/get", "tasks/cancel"),
    *("tasks/result", "tasks/update", "server/discover", "notifications/x"),
]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    method=st.sampled_from(METHODS) | values,
    params=some_params | values,
    id_=values,
    is_modern=st.booleans(),
    name=st.sampled_from(["echo", "nothing"]),
)
def test_any_message_is_answered_or_refused(mcp, impatient, method, params, id_, is_modern, name):
    mcp.seconds = 0
    body = {"jsonrpc": "2.0", "id": id_, "method": method, "params": params}
    headers = {}
    if isinstance(params, dict):
        body["params"] = {"name": name, **params}
        if is_modern:
            body["params"]["_meta"] = meta(tasks=True)
            headers = {"MCP-Protocol-Version": MODERN, "Mcp-Name": str(body["params"]["name"])}
            headers["Mcp-Method"] = str(method)
    answer = mcp.send(json.dumps(body).encode(), headers)

    assert answer.status < 500
    if answer.status != 202:
        assert answer.message.keys() & {"result", "error"}


def test_envelope_of_the_newest_version_must_be_whole(mcp):
    for name in ("protocolVersion", "clientCapabilities"):
        answer = mcp.modern("server/discover", **{f"{PREFIX}{name}": 7})
        assert (answer.status, answer.error["code"]) in ((400, -32602), (400, -32020))
