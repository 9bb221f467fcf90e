"""What the edge asks of the emulator: an API with functions, schedules and objects."""

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

from infra.local.strict_edge.http_messages import (
    Cut,
    Message,
    plain_body,
    read_head,
    respond,
    respond_json,
    with_body,
)

API = "abc123"
STAGE = "v1"
ALLOW = {
    "principalId": "worker",
    "policyDocument": {"Statement": [{"Effect": "Allow"}]},
    "context": {"worker_id": "w1", "made": 7},
}
DENY = {**ALLOW, "policyDocument": {"Statement": [{"Effect": "Deny"}]}}
OK = {"statusCode": 200}

Function = Callable[[dict[str, Any]], Any]
"""Returns a result, or an awaitable of one; an exception is an error of the function."""


def _uri(function: str) -> str:
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:{function}"
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"


class FakeEmulator:
    """Serves one WebSocket API whose functions a test gives, and notes what reaches it.

    Attributes:
        functions: by the name of their route.
        events: what they were invoked with, in order.
        schedules: what was created and moved.
        answers: returns what any other request gets.
        allowed: whether IAM allows @connections.
    """

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {
            "authorize": lambda _event: ALLOW,
            "$connect": lambda _event: OK,
            "$disconnect": lambda _event: OK,
            "say": lambda _event: OK,
            "$default": lambda _event: OK,
        }
        self.events: list[dict[str, Any]] = []
        self.schedules: list[tuple[str, dict[str, Any]]] = []
        self.answers: Callable[[Message], Message | Awaitable[Message]] = lambda _request: respond(
            200, "OK", b"{}"
        )
        self.allowed = True
        self.ping_replies = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await read_head(reader)) is not None:
                response = await self._answer(await with_body(reader, head))
                writer.write(response.head + response.body)
                await writer.drain()
        except (Cut, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: Message) -> Message:
        if request.path.startswith(f"/v2/apis/{API}"):
            return respond_json(200, "OK", self._described(request.path.split("/")[4:]))
        if request.path.endswith("/invocations") and "arn:aws:lambda" in request.path:
            name = request.path.split("/")[3].rpartition(":")[2]
            return await self._invoke(name, json.loads(plain_body(request)))
        if "@connections" in request.path:
            return respond(410, "Gone") if self.allowed else respond(403, "Forbidden", b"{}")
        if request.path.startswith("/schedules/"):
            self.schedules.append((request.method, json.loads(plain_body(request))))
        answer = self.answers(request)
        return await answer if inspect.isawaitable(answer) else answer

    async def _invoke(self, name: str, event: dict[str, Any]) -> Message:
        self.events.append(event)
        try:
            result = self.functions[name](event)
            found = await result if inspect.isawaitable(result) else result
        except Exception as error:  # noqa: BLE001 - as Lambda does
            return respond_json(200, "OK", {"e": str(error)}, x_amz_function_error="Unhandled")
        return respond(200, "OK", json.dumps(found).encode())

    def _described(self, what: list[str]) -> dict[str, Any]:
        match what:
            case []:
                return {
                    "protocolType": "WEBSOCKET",
                    "routeSelectionExpression": "$request.body.action",
                }
            case ["routes"]:
                keys = [*self.functions.keys() - {"authorize"}, "ping"]
                return {"items": [{"routeKey": k, "target": f"integrations/{k}"} for k in keys]}
            case ["integrations"]:
                proxies = [
                    {"integrationId": k, "integrationType": "AWS_PROXY", "integrationUri": _uri(k)}
                    for k in self.functions
                ]
                return {"items": [*proxies, {"integrationId": "ping", "integrationType": "MOCK"}]}
            case ["authorizers"]:
                source = ["route.request.header.Authorization"]
                uri = _uri("authorize")
                return {"items": [{"authorizerUri": uri, "identitySource": source}]}
            case _:
                return {"items": [{}] if self.ping_replies else []}
