"""The handlers, called with the events that AWS documents; see tests/golden/README.md."""

import json
from urllib.parse import quote

import pytest
from moto.apigatewaymanagementapi.models import apigatewaymanagementapi_backends
from moto.core import DEFAULT_ACCOUNT_ID

from spaces import bootstrap
from spaces.domain.space import Definition
from spaces.handlers import admin, api, authorize, connect, disconnect, register, sweep
from spaces.handlers.rest.caller import caller_of
from spaces.services.access.issue_credential import issue_credential
from spaces.services.requests.submit_request import submit_request
from spaces.services.spaces.create_space import create_space
from spaces_protocol.rest_bodies import SubmittedInput
from tests.golden_files import golden_event

KEY = "0123456789abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture
def space(environment):
    create_space(bootstrap.gateway(), Definition(space_id="echo", title="Echo", created_at=1))


@pytest.fixture
def let_in(space):
    """What the authorizer returns for the handshake, as API Gateway hands it on: flat text."""
    secret = issue_credential(bootstrap.gateway(), "token", ["echo"]).secret
    asked = golden_event("websocket_authorizer")
    asked["headers"]["Authorization"] = f"Bearer {secret}"
    answer = authorize.handler(asked, None)
    assert all(isinstance(value, str) for value in answer["context"].values())
    return answer


def from_worker(name, let_in):
    event = golden_event(name)
    context = event["requestContext"]
    identity = {"principalId": let_in["principalId"], "integrationLatency": 123}
    context["authorizer"] = {**identity, **let_in["context"]}
    context["connectedAt"] = bootstrap.milliseconds_now()  # the record names a fixed time
    return event


def received(event):
    backend = apigatewaymanagementapi_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"]
    name = event["requestContext"]["connectionId"]
    # boto3 escapes the id in the path, as API Gateway wants it; moto keeps it so.
    return backend.get_connection(quote(name)).data.decode()


def test_authorizer_answers_with_a_policy_for_the_method_that_was_asked(let_in):
    (statement,) = let_in["policyDocument"]["Statement"]

    assert let_in["principalId"] == "gpu-1"
    assert statement == {
        "Action": "execute-api:Invoke",
        "Effect": "Allow",
        "Resource": golden_event("websocket_authorizer")["methodArn"],
    }
    assert set(let_in) == {"principalId", "policyDocument", "context"}


def test_connection_is_opened_used_and_closed(let_in):
    opened = connect.handler(from_worker("websocket_connect", let_in), None)
    message = from_worker("websocket_message", let_in)
    answered = register.handler(message, None)
    places = bootstrap.gateway().spaces.read_queue("echo").workers

    assert (opened, answered) == ({"statusCode": 200}, {"statusCode": 200})
    assert json.loads(received(message))["action"] == "registered"
    assert [place.connection_id for place in places.values()] == ["W9SAocmDFiACElw="]

    closed = disconnect.handler(from_worker("websocket_disconnect", let_in), None)

    assert closed == {"statusCode": 200}
    assert bootstrap.gateway().spaces.read_queue("echo").workers == {}
    assert bootstrap.gateway().connections.find("W9SAocmDFiACElw=") is None


def test_disconnect_without_a_reason_counts(let_in):
    connect.handler(from_worker("websocket_connect", let_in), None)
    register.handler(from_worker("websocket_message", let_in), None)

    event = from_worker("websocket_disconnect_unknown_reason", let_in)

    assert disconnect.handler(event, None) == {"statusCode": 200}
    assert bootstrap.gateway().spaces.read_queue("echo").workers == {}


def test_signed_in_person_is_known_by_the_claims(space):
    event = golden_event("http_api_jwt")

    answer = api.handler(event, None)
    caller = caller_of(event)

    assert answer["statusCode"] == 200, answer["body"]
    assert (caller.sub, caller.name) == ("sub-0", "ada")
    assert caller.groups == frozenset({"admins", "people"})


def test_stranger_is_known_by_the_address_that_our_distribution_saw(space, monkeypatch):
    monkeypatch.setenv("EDGE_KEY", KEY)
    event = golden_event("http_api_anonymous")
    from_elsewhere = caller_of(event)

    event["headers"]["x-spaces-edge"] = KEY
    through_us = caller_of(event)
    answer = api.handler(event, None)

    assert from_elsewhere != through_us
    assert answer["statusCode"] == 200
    assert [each["space"] for each in json.loads(answer["body"])["spaces"]] == ["echo"]


def test_command_line_invokes_the_admin_function(space):
    answer = admin.handler(golden_event("direct_invocation"), None)

    assert answer["status"] == 200
    assert [each["space"] for each in answer["body"]["spaces"]] == ["echo"]


def test_sweep_gets_what_the_timer_was_given(space):
    submit_request(bootstrap.gateway(), "echo", SubmittedInput(prompt="hi"))
    armed = bootstrap.gateway().spaces.read_queue("echo").sweep_at
    assert armed

    sweep.handler({**golden_event("scheduler_invocation"), "at": armed}, None)

    swept = bootstrap.gateway().spaces.read_queue("echo")
    assert swept.sweep_at is not None
    assert swept.sweep_at != armed
