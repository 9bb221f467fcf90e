import json
import secrets

import pytest
from moto.apigatewaymanagementapi.models import apigatewaymanagementapi_backends
from moto.core import DEFAULT_ACCOUNT_ID
from msgspec.structs import replace

from spaces import bootstrap
from spaces.domain.space import Definition
from spaces.handlers import (
    authorize,
    connect,
    disconnect,
    drain,
    offer,
    progress,
    register,
    result,
    unknown,
)
from spaces.services.access.issue_credential import issue_credential
from spaces.services.requests.submit_request import submit_request
from spaces.services.spaces.create_space import create_space
from spaces_protocol.codec import decode_gateway_message
from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_protocol.rest_bodies import SubmittedInput
from tests.functional.aws_failures import OVERLOADED, raising

MISSING = "1.AAAAAAAAAAAAAAAAAAAAAA"
ARN = "arn:aws:execute-api:eu-central-1:123456789012:abc/v1/$connect"


@pytest.fixture
def token(environment):
    create_space(bootstrap.gateway(), Definition(space_id="echo", title="Echo", created_at=1))
    return issue_credential(bootstrap.gateway(), "token", ["echo"]).secret


def handshake(**headers):
    return authorize.handler({"methodArn": ARN, "headers": headers}, None)


def effect(answer):
    return answer["policyDocument"]["Statement"][0]["Effect"]


def event(identity, body=None):
    return {
        "requestContext": {
            "connectionId": identity["connection_id"],
            "connectedAt": bootstrap.milliseconds_now(),
            "requestId": "r",
            "authorizer": identity["context"],
        },
        "body": body if isinstance(body, str | None) else json.dumps(body),
    }


def received(identity):
    backend = apigatewaymanagementapi_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"]
    raw = backend.get_connection(identity["connection_id"]).data
    decoder, messages, text = json.JSONDecoder(), [], raw.decode()
    while text:
        _, end = decoder.raw_decode(text)
        messages.append(decode_gateway_message(text[:end]))
        text = text[end:]
    return messages


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
def test_the_right_token_is_let_in_and_says_what_its_worker_may_do(token, name):
    answer = handshake(**{name: f"Bearer {token}", "X-Worker-Id": "gpu-1"})

    assert effect(answer) == "Allow"
    assert (answer["context"]["worker_id"], answer["context"]["spaces"]) == ("gpu-1", "echo")


@pytest.mark.parametrize(
    "change",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wst_" + "A" * 44},
        {"Authorization": "Basic dTpw"},
        {"X-Worker-Id": ""},
        {"X-Worker-Id": "two words"},
        {"X-Worker-Id": "x" * 65},
        {"Origin": "https://elsewhere.example"},
    ],
)
def test_everybody_else_is_refused(token, change):
    headers = {"Authorization": f"Bearer {token}", "X-Worker-Id": "gpu-1", **change}

    assert effect(handshake(**headers)) == "Deny"


def test_an_expired_token_is_refused(token, monkeypatch):
    short = issue_credential(bootstrap.gateway(), "token", ["echo"], expires_in_days=1).secret
    gateway = bootstrap.gateway()
    later = gateway.now() + 2 * 24 * 3_600_000
    object.__setattr__(gateway, "now", lambda: later)

    answer = handshake(**{"Authorization": f"Bearer {short}", "X-Worker-Id": "gpu-1"})

    assert effect(answer) == "Deny"


def test_the_token_itself_is_kept_nowhere(token, dynamodb):
    kept = json.dumps(dynamodb.scan(TableName="spaces")["Items"])

    assert token not in kept
    assert token[4:] not in kept


@pytest.fixture
def identity(token):
    answer = handshake(**{"Authorization": f"Bearer {token}", "X-Worker-Id": "gpu-1"})
    answer["connection_id"] = secrets.token_hex(8)
    assert connect.handler(event(answer), None) == {"statusCode": 200}
    return answer


def test_a_request_goes_through_all_routes(identity):
    submit_request(bootstrap.gateway(), "echo", SubmittedInput(prompt="hi"))
    register.handler(
        event(identity, {"action": "register", "spaces": ["echo"], "session": "s"}), None
    )
    registered, request = received(identity)
    told = {"request_id": request.request_id, "attempt": 1}
    progress.handler(event(identity, {"action": "progress", "percent": 50, **told}), None)
    result.handler(
        event(
            identity,
            {"action": "result", "status": "completed", "output": {"text": "ho"}, **told},
        ),
        None,
    )
    disconnect.handler(event(identity), None)

    assert [a.space for a in registered.accepted] == ["echo"]
    assert request.input.prompt == "hi"
    assert received(identity)[-1].status == "stored"
    assert bootstrap.gateway().spaces.read_queue("echo").workers == {}


def test_a_token_that_is_older_than_the_space_gets_no_place(identity):
    """It was for an earlier space of the name. What the authorizer says of it arrives here."""
    store = bootstrap.gateway().spaces
    later = replace(store.definition("echo"), created_at=1_800_000_000_000, version=2)
    assert store.edit(later, of_version=1)

    register.handler(event(identity, REGISTER), None)

    (registered,) = received(identity)
    assert [each.reason for each in registered.rejected] == ["not_allowed"]


REGISTER = {"action": "register", "spaces": ["echo"], "session": "s"}
RESULT = {"action": "result", "request_id": "x", "attempt": 1, "status": "completed"}
PROGRESS = {"action": "progress", "request_id": f"echo.{MISSING}", "attempt": 1}


@pytest.mark.parametrize(
    ("route", "body", "error_type"),
    [
        (unknown, '{"action": "launch"}', "unknown_action"),
        (unknown, "not json", "malformed_message"),
        (unknown, None, "malformed_message"),
        (unknown, {"action": "ping"}, "invalid_input"),
        (register, {**REGISTER, "spaces": "echo"}, "malformed_message"),
        (register, {"action": "drain"}, "unknown_action"),
        (register, {**REGISTER, "protocol": 9}, "unsupported_protocol"),
        (result, RESULT, "request_not_found"),
        (result, {**RESULT, "request_id": f"other.{MISSING}"}, "not_allowed"),
        (progress, {**PROGRESS, "request_id": "x"}, "request_not_found"),
        (progress, {**PROGRESS, "percent": "half"}, "malformed_message"),
    ],
)
def test_a_bad_message_is_answered_and_the_link_stays(identity, route, body, error_type):
    assert route.handler(event(identity, body), None) == {"statusCode": 200}

    (error,) = received(identity)
    assert error.error_type == error_type


@pytest.mark.parametrize(
    ("route", "body", "about"),
    [
        (unknown, '{"action": "launch"}', None),
        (result, RESULT, "result"),
        (progress, {**PROGRESS, "request_id": "x"}, "progress"),
        (progress, {**PROGRESS, "percent": "half"}, "progress"),
    ],
)
def test_an_error_says_what_kind_of_message_it_is_about(identity, route, body, about):
    route.handler(event(identity, body), None)

    (error,) = received(identity)
    assert error.about == about


def test_a_worker_that_is_not_understood_is_told_of_the_gateway_and_of_its_own_token(identity):
    unknown.handler(event(identity, {"action": "doctor"}), None)

    (error,) = received(identity)
    assert (error.error_type, error.gateway.protocol) == ("unknown_action", PROTOCOL_VERSION)
    assert error.gateway.spaces == ["echo"]
    assert error.gateway.files_url == "https://files.s3.eu-central-1.amazonaws.com"


def test_what_the_gateway_says_of_itself_costs_no_table(identity, monkeypatch):
    for name in ("SPACES_TABLE", "CONNECTIONS_TABLE", "REQUESTS_TABLE", "FILES_BUCKET"):
        monkeypatch.delenv(name)
    bootstrap.gateway.cache_clear()

    unknown.handler(event(identity, {"action": "doctor"}), None)

    (error,) = received(identity)
    assert error.gateway.spaces == ["echo"]


def test_other_faults_say_nothing_of_the_gateway(identity):
    unknown.handler(event(identity, "not json"), None)

    (error,) = received(identity)
    assert error.gateway is None


def test_an_unexpected_error_is_noted_here_and_told_without_its_text(identity, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(bootstrap.gateway().spaces, "load", fail)
    body = {"action": "register", "spaces": ["echo"], "session": "s"}
    register.handler(event(identity, body), None)

    (error,) = received(identity)
    assert error.error_type == "internal_error"
    assert "secret" not in error.detail
    assert "the secret inside" in caplog.text


@pytest.mark.parametrize("error", OVERLOADED.values(), ids=OVERLOADED)
def test_a_worker_hears_that_the_gateway_is_busy(identity, monkeypatch, error):
    monkeypatch.setattr(bootstrap.gateway().spaces, "load", raising(error))
    body = {"action": "register", "spaces": ["echo"], "session": "s"}
    register.handler(event(identity, body), None)

    (told,) = received(identity)
    assert told.error_type == "busy"


@pytest.mark.parametrize(
    ("route", "body", "most"),
    [
        (unknown, {"action": "launch"}, 10),
        (drain, {"action": "drain"}, 10),
        (register, {**REGISTER, "protocol": 9}, 20),
        (offer, {"action": "offer", "space": "other", "slots": {"count": 1, "order": 1}}, 200),
    ],
)
def test_a_connection_that_floods_a_route_is_closed(identity, monkeypatch, route, body, most):
    gateway = bootstrap.gateway()
    now, closed, posted = gateway.now(), [], []
    monkeypatch.setattr(gateway.sockets, "close", closed.append)
    monkeypatch.setattr(gateway.sockets, "post", lambda *message: posted.append(message))
    object.__setattr__(gateway, "now", lambda: now)

    for _ in range(most):
        route.handler(event(identity, body), None)
    assert closed == []
    route.handler(event(identity, body), None)

    assert closed == [identity["connection_id"]]
    assert len(posted) <= most


def test_a_token_connects_only_so_often_in_an_hour(token, monkeypatch):
    gateway = bootstrap.gateway()
    now = gateway.now() // 3_600_000 * 3_600_000 + 1
    object.__setattr__(gateway, "now", lambda: now)
    monkeypatch.setattr("spaces.domain.access.credential.MAX_HANDSHAKES_PER_HOUR", 2)
    headers = {"Authorization": f"Bearer {token}", "X-Worker-Id": "gpu-1"}
    answers = []
    for _ in range(4):
        answer = handshake(**headers)
        if effect(answer) == "Deny":
            answers.append("Deny")
            continue
        answer["connection_id"] = secrets.token_hex(8)
        answers.append(connect.handler(event(answer), None)["statusCode"])
    records = gateway.connections.list()

    object.__setattr__(gateway, "now", lambda: now + 3_600_000)

    assert answers == [200, 200, 429, "Deny"]
    assert len(records) == 2
    assert effect(handshake(**headers)) == "Allow"
