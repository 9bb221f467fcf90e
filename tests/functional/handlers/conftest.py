"""Handlers in this process, over moto's tables, called with the events that AWS sends."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

import pytest

from spaces import bootstrap
from spaces.adapters import aws as clients_of_process
from spaces.handlers import api, wait
from spaces.http_routes import route_key_of
from spaces.schema import ADMINISTRATORS
from tests.described_answers import body_of_event, expect_described


@dataclass
class HttpAnswer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self):
        return json.loads(self.text)


@pytest.fixture(autouse=True)
def _as_described(monkeypatch):
    """Whatever the REST API answers in these tests has to be in its description."""
    for module in (api, wait):
        monkeypatch.setattr(module, "handler", _described(module.handler))


def _described(answer):
    def described(event, context):
        answered = answer(event, context)
        method = event["requestContext"]["http"]["method"]
        let_through = "authorizer" in event["requestContext"] or "/v1/me" not in event["rawPath"]
        own_route = event["routeKey"] == route_key_of(method, event["rawPath"])
        if let_through and own_route and method != "HEAD":
            expect_described(
                method,
                event["rawPath"],
                answered["statusCode"],
                answered["headers"],
                answered=body_of_event(answered),
                sent=body_of_event(event),
            )
        return answered

    return described


@pytest.fixture
def environment(aws, monkeypatch):
    names = {
        "SPACES_TABLE": "spaces",
        "CONNECTIONS_TABLE": "connections",
        "REQUESTS_TABLE": "requests",
        "FILES_BUCKET": "files",
        "FILES_URL": "https://files.s3.eu-central-1.amazonaws.com",
        "SOCKET_ENDPOINT": "https://abc.execute-api.eu-central-1.amazonaws.com/v1",
        "SOCKET_URL": "wss://workers.example.org/v1",
        "SCHEDULE_GROUP": "default",
        "SWEEP_ARN": "arn:aws:lambda:eu-central-1:123456789012:function:sweep",
        "SWEEP_ROLE_ARN": "arn:aws:iam::123456789012:role/sweep",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    cached = (
        bootstrap.gateway,
        bootstrap._tables,
        clients_of_process.dynamodb,
        clients_of_process.s3,
        clients_of_process.user_pools,
        clients_of_process.connections_api,
        clients_of_process.scheduler,
    )
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


@pytest.fixture
def users(environment, monkeypatch):
    """The id of a user pool with the group of administrators."""
    client = clients_of_process.user_pools()
    pool = client.create_user_pool(PoolName="users")["UserPool"]["Id"]
    client.create_group(UserPoolId=pool, GroupName=ADMINISTRATORS)
    monkeypatch.setenv("USER_POOL_ID", pool)
    yield pool
    client.delete_user_pool(UserPoolId=pool)


@pytest.fixture
def call(environment):
    """Call the REST API with an event of payload format 2.0 (API Gateway, "HTTP API proxy")."""

    def call_api(method, path, body=None, headers=None, *, encoded=False):
        path, _, query = path.partition("?")
        route_key = route_key_of(method, path) or "$default"
        event = {
            "version": "2.0",
            "routeKey": route_key,
            "rawPath": path,
            "rawQueryString": query,
            "queryStringParameters": dict(parse_qsl(query)),
            "headers": {"content-type": "application/json", **(headers or {})},
            "requestContext": {
                "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
                "requestId": "id-to-quote",
                "stage": "$default",
                "routeKey": route_key,
            },
            "body": body if isinstance(body, str | None) else json.dumps(body),
            "isBase64Encoded": encoded,
        }
        answer = (wait if path.endswith("/wait") else api).handler(event, None)
        return HttpAnswer(answer["statusCode"], answer["headers"], answer["body"])

    return call_api
