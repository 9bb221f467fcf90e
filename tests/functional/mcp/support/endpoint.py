"""The endpoint ``/mcp`` in this process: messages in, messages out."""

import json
from dataclasses import dataclass, field

from spaces.handlers.stream import handler
from tests.functional.openai.support.function_url import context_of, function_url_event

MODERN = "2026-07-28"
LEGACY = "2025-11-25"
PREFIX = "io.modelcontextprotocol/"
TASKS = f"{PREFIX}tasks"
ACCEPT = {"Accept": "application/json, text/event-stream"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def messages(self):
        """All messages of a stream, or the only one of a response."""
        if self.headers.get("Content-Type") != "text/event-stream":
            return [json.loads(self.body)]
        events = self.body.decode().split("\n\n")
        found = [event.partition("data: ")[2] for event in events]
        return [json.loads(data) for data in found if data]

    @property
    def message(self):
        return self.messages[-1]

    @property
    def result(self):
        return self.message["result"]

    @property
    def error(self):
        return self.message["error"]

    @property
    def text(self):
        return self.result["content"][0]["text"]


def meta(*, tasks=False, **more):
    """Return what each message of the newest version says about its client."""
    extensions = {"extensions": {TASKS: {}}} if tasks else {}
    return {
        f"{PREFIX}protocolVersion": MODERN,
        f"{PREFIX}clientCapabilities": extensions,
        f"{PREFIX}clientInfo": {"name": "test", "version": "1"},
        **more,
    }


@dataclass
class Endpoint:
    """Calls the endpoint as a client of one version does."""

    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 60
    source: str = "192.0.2.1"

    def open(self, body, headers=None, method="POST", path="/mcp"):
        """Return the function's own response, whose body is still to be produced."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **ACCEPT, **self.headers, **(headers or {})}
        event = function_url_event(method, path, content, given, self.source)
        return handler(event, context_of(self.seconds))

    def send(self, body, headers=None, method="POST"):
        answered = self.open(body, headers, method)
        return Answer(answered.status, dict(answered.headers), b"".join(answered.body))

    def legacy(self, method, params=None, *, version=LEGACY, headers=None):
        """Send a request of a version with a handshake."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        return self.send(body, {"MCP-Protocol-Version": version, **(headers or {})})

    def modern(self, method, params=None, *, tasks=False, headers=None, **more):
        """Send a request of the newest version."""
        params = {**(params or {}), "_meta": meta(tasks=tasks, **more)}
        named = params.get("name") or params.get("taskId")
        routing = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method}
        routing |= {"Mcp-Name": named} if isinstance(named, str) else {}
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return self.send(body, {**routing, **(headers or {})})

    def call(self, name, arguments=None, **options):
        return self.modern("tools/call", {"name": name, "arguments": arguments or {}}, **options)
