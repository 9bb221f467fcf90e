"""The streaming function, called with events of a Function URL."""

import json
import time

import pytest

from spaces import bootstrap
from spaces.domain.space import Definition
from spaces.handlers import stream
from spaces.handlers.rest.caller import address_of
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.submit_request import submit_request
from spaces.services.spaces.create_space import create_space
from spaces_protocol.rest_bodies import SubmittedInput
from streaming_runtime.invocation import Context
from tests.described_answers import expect_described, expect_event_described
from tests.golden_files import golden_event

KEY = "0123456789abcdefghijklmnopqrstuvwxyz0123456789"
CONTEXT = Context(
    aws_request_id="id",
    invoked_function_arn="",
    deadline_ms=time.time_ns() // 1_000_000 + 600_000,
)
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
    return stream.handler(event, CONTEXT)


def body(response):
    return b"".join(response.body)


def events_of(text):
    """The name and the data of each event that is not a comment."""
    lines = (event.splitlines() for event in text.split("\n\n") if event.startswith("event: "))
    return [(each[0].removeprefix("event: "), json.loads(each[-1][6:])) for each in lines]


def test_the_last_event_is_as_described(ended):
    ((name, data),) = events_of(body(call(ended)).decode())

    assert name == "done"
    expect_event_described(name, data)


def test_every_refusal_is_as_described(ended):
    _, _, where = ended.partition("/requests/")
    missing = ended.replace(where, "echo.1.AAAAAAAAAAAAAAAAAAAAAA")
    for path, headers in ((missing, {}), (ended, {"last_event_id": "x"})):
        response = call(path, **headers)

        expect_described("GET", path, response.status, response.headers, answered=body(response))


def test_an_event_as_aws_documents_it_is_streamed(ended):
    event = golden_event("function_url")
    event["rawPath"] = event["requestContext"]["http"]["path"] = ended

    assert stream.handler(event, CONTEXT).status == 403

    event["headers"]["x-spaces-edge"] = KEY
    response = stream.handler(event, CONTEXT)

    assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream")
    assert [name for name, _ in events_of(body(response).decode())] == ["done"]


def test_a_stranger_is_known_by_the_address_that_our_distribution_saw(ended):
    event, seen = golden_event("function_url"), golden_event("function_url")
    seen["requestContext"]["http"]["sourceIp"] = "192.0.2.7"
    forged = address_of(event)
    event["headers"]["x-spaces-edge"] = KEY

    assert forged != address_of(event) == address_of(seen)


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
