"""The streaming function behind a Function URL: events in AWS's form in, responses out."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from spaces.bootstrap import milliseconds_now
from spaces.handlers.stream import handler
from spaces.schema import EDGE_KEY_HEADER
from streaming_runtime.invocation import Context

EDGE_KEY = "k" * 51
_TEXTS = ("application/json", "text/", "application/x-www-form-urlencoded")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    pieces: list[bytes]

    @property
    def text(self):
        return b"".join(self.pieces).decode()

    @property
    def body(self):
        return json.loads(self.text)

    @property
    def error(self):
        return self.body["error"]

    @property
    def events(self):
        """The data of each event of a stream; the end is text."""
        datas = [event.removeprefix("data: ") for event in self.text.split("\n\n")[:-1]]
        return [data if data == "[DONE]" else json.loads(data) for data in datas]


def function_url_event(method, path, body=b"", headers=None, source="192.0.2.1"):
    """Return an event of payload format 2.0; what is not declared as text comes in Base64."""
    path, _, query = path.partition("?")
    headers = {name.lower(): value for name, value in (headers or {}).items()}
    text = _text(body) if headers.get("content-type", "").startswith(_TEXTS) else None
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "queryStringParameters": dict(parse_qsl(query)),
        "headers": {EDGE_KEY_HEADER: EDGE_KEY, **headers},
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": source},
            "requestId": "id-to-quote",
            "stage": "$default",
            "routeKey": "$default",
        },
        "body": b64encode(body).decode() if text is None else text,
        "isBase64Encoded": text is None,
    }


def _text(body):
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


@dataclass
class FunctionUrl:
    """Calls the function in this process."""

    seconds: float = 60
    headers: dict[str, str] = field(default_factory=dict)

    def open(self, method, path, body=b"", headers=None):
        """Return the function's own response, whose body is still to be produced."""
        event = function_url_event(method, path, body, {**self.headers, **(headers or {})})
        return handler(event, context_of(self.seconds))

    def call(self, method, path, body=None, headers=None):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **(headers or {})}
        answered = self.open(
            method, f"/openai/v1{path}", content if body is not None else b"", headers
        )
        return Answer(answered.status, dict(answered.headers), list(answered.body))

    def get(self, path, headers=None):
        return self.call("GET", path, headers=headers)

    def post(self, path, body, headers=None):
        return self.call("POST", path, body, headers)


def context_of(seconds):
    deadline = milliseconds_now() + round(seconds * 1000)
    return Context(aws_request_id="id-to-quote", invoked_function_arn="arn", deadline_ms=deadline)
