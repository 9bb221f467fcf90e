"""The streaming function, called with events of a Function URL."""

import json
import time

import pytest

from spaces import bootstrap
from spaces.domain.space import Definition
from spaces.handlers import stream
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.submit_request import submit_request
from spaces.services.spaces.create_space import create_space
from spaces_protocol.rest_bodies import SubmittedInput
from streaming_runtime.invocation import Context

KEY = "0123456789abcdefghijklmnopqrstuvwxyz0123456789"
SENTENCE = "Deletes or returns the ClientSecret attribute of the client, as text"


@pytest.fixture
def ended(environment, monkeypatch):
    monkeypatch.setenv("EDGE_KEY", KEY)
    create_space(bootstrap.gateway(), Definition(space_id="echo", title="Echo", created_at=1))
    accepted = submit_request(bootstrap.gateway(), "echo", SubmittedInput(prompt="hi"))
    cancel_request(bootstrap.gateway(), accepted.request.request_id)
    return f"/v1/stream/spaces/echo/requests/{accepted.request.request_id}"


def call(path, method="GET", query=None, **headers):
    given = {"x-spaces-edge": KEY, **headers}
    event = {
        "version": "2.0",
        "rawPath": path,
        "headers": {name.replace("_", "-"): value for name, value in given.items()},
        "queryStringParameters": query,
        "requestContext": {"http": {"method": method, "sourceIp": "192.0.2.1"}},
    }
    deadline = time.time_ns() // 1_000_000 + 60_000
    return stream.handler(
        event, Context(aws_request_id="id", invoked_function_arn="", deadline_ms=deadline)
    )


def body(response):
    return b"".join(response.body)


def test_a_request_is_streamed_to_its_end(ended):
    response = call(ended)

    assert response.status == 200
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    assert b'event: done\nid: 0.99999\ndata: {"request_id"' in body(response)


@pytest.mark.parametrize("key", ["", "x", KEY.upper(), KEY[:-1], SENTENCE, "ü" * 46])
def test_a_call_without_the_right_edge_key_is_refused_before_anything_else(ended, key):
    for path in (ended, "/nowhere", "/openai/v1/models"):
        response = call(path, x_spaces_edge=key)

        assert response.status == 403
        assert json.loads(body(response))["error_type"] == "not_allowed"


@pytest.mark.parametrize("set_key", ["", SENTENCE])
def test_without_a_usable_edge_key_every_call_is_refused(ended, monkeypatch, set_key):
    monkeypatch.setenv("EDGE_KEY", set_key)

    assert call(ended, x_spaces_edge=set_key).status == 403


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/v1/stream/spaces/echo/requests/echo.1.AAAAAAAAAAAAAAAAAAAAAA", "GET", 404),
        ("/v1/stream/spaces/other/requests/echo.1.AAAAAAAAAAAAAAAAAAAAAA", "GET", 404),
        ("/v1/stream/spaces/echo/requests/x", "GET", 404),
        ("/v1/stream", "GET", 404),
        ("/v1/stream/spaces/echo/requests/x", "POST", 404),
    ],
)
def test_what_does_not_exist_has_its_status_and_no_stream(ended, path, method, status):
    response = call(path, method)

    assert response.status == status
    assert response.headers["Content-Type"] == "application/json"
    assert json.loads(body(response))["error_type"] in ("request_not_found", "not_found")


def test_a_position_that_is_none_is_refused(ended):
    assert call(ended, last_event_id="x").status == 422
    assert call(ended, query={"after": "x"}).status == 422


def test_a_reader_that_has_everything_is_told_not_to_come_back(ended):
    assert call(ended, last_event_id="0.99999").status == 204
    assert call(ended, query={"after": "0.99999"}).status == 204
