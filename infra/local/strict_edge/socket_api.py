"""The WebSocket API: handshakes, messages to functions, and @connections."""

import asyncio
import json
import logging
import re
from collections.abc import Coroutine
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from urllib.parse import unquote

from infra.local.strict_edge.emulator_calls import Emulator, InvocationFailed, Stream
from infra.local.strict_edge.faults import Call, Faults, error
from infra.local.strict_edge.http_messages import Cut, Message, plain_body, respond, respond_json
from infra.local.strict_edge.lambda_runs import LambdaRuns, Throttled
from infra.local.strict_edge.rules import Rules, Unknown
from infra.local.strict_edge.socket_routes import (
    Event,
    Identity,
    Route,
    SocketRoutes,
    new_id,
    read_routes,
)
from infra.local.strict_edge.sockets import Socket

_logger: Final = logging.getLogger("strict_edge")
_PATH: Final = re.compile(r"/_aws/execute-api/(\w+)/(\w+)/?")
CONNECTION_PATH: Final = re.compile(r"/_aws/execute-api/(\w+)/(\w+)/(?:@|%40)connections/([^?]+)")
_REASONS: Final = {401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests"}
LATE_SECONDS: Final = (0.2, 6.0)


class Refused(Exception):
    """The handshake is refused with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class SocketApi:
    """All connections of all workers. Its methods run in the loop that serves it."""

    def __init__(
        self, rules: Rules, emulator: Emulator, runs: LambdaRuns, faults: Faults, random: Random
    ) -> None:
        self._rules = rules
        self._emulator = emulator
        self._runs = runs
        self._faults = faults
        self._random = random
        self._sockets: dict[str, Socket] = {}
        self._vanished: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connection_ids(self) -> list[str]:
        """The ids of the open connections, oldest first."""
        return list(self._sockets)

    def vanish(self, connection_id: str) -> None:
        """Forget a connection without its ``$disconnect``, which AWS does not guarantee."""
        self._vanished.add(connection_id)
        self._sockets[connection_id].abort()

    async def close(self) -> None:
        """End what still runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- workers -----------------------------------------------------------------------------------

    async def serve(self, handshake: Message, stream: Stream) -> None:
        """Serve a connection from its handshake to its ``$disconnect``."""
        found = _PATH.fullmatch(handshake.path)
        source_ip = stream[1].get_extra_info("peername")[0]
        api, stage = found.groups() if found else ("", "")
        identity = Identity(api, stage, handshake.header_list, source_ip)
        try:
            routes = await self._routes(api)
            await self._authorize(routes, identity)
        except Refused as refused:
            reason = _REASONS.get(refused.status, "Internal server error")
            body = _frame(reason, identity.connection_id)
            response = respond_json(refused.status, reason, body)
            stream[1].write(response.head + response.body)
            await stream[1].drain()
            return
        socket = Socket(
            stream, self._rules, identity, lambda text: self._heard(routes, socket, text)
        )
        self._sockets[identity.connection_id] = socket
        socket.accept(handshake)
        try:
            await socket.serve()
        finally:
            self._sockets.pop(identity.connection_id, None)
            if identity.connection_id not in self._vanished:
                self._start(self._disconnected(routes, socket))

    async def _routes(self, api: str) -> SocketRoutes:
        routes = await read_routes(self._emulator, api) if api else None
        if routes is None:
            raise Refused(403)  # a wrong path is forbidden, not unknown
        return routes

    async def _authorize(self, routes: SocketRoutes, identity: Identity) -> None:
        if status := self._faults.of_handshake():
            raise Refused(status)
        names = {name.lower() for name, _ in identity.headers}
        if not names.issuperset(routes.identity_headers):
            raise Refused(401)
        try:
            if routes.authorizer is not None:
                verdict = await self._invoke(routes.authorizer, identity.authorizer_event())
                identity.authorizer = _context_of(verdict)
            connect = routes.routes.get("$connect")
            if connect is not None and connect.function is not None:
                result = await self._invoke(connect.function, identity.connect_event())
                _expect_success(result)
        except (InvocationFailed, Throttled, TimeoutError) as failed:
            raise Refused(500) from failed

    def _heard(self, routes: SocketRoutes, socket: Socket, text: str) -> None:
        """Hand a message over, together with those that came before it."""
        kind = self._faults.of_message(to_gateway=True)
        copies = [text] if kind != "lost" else []
        if kind == "repeated":
            copies.append(text)
        if kind == "late":
            self._start(self._late(routes, socket, text))
            return
        if kind == "old one again" and socket.said:
            self._start(self._late(routes, socket, socket.said[0]))
        for copy in copies:
            self._start(self._hand_over(routes, socket, copy))

    async def _late(self, routes: SocketRoutes, socket: Socket, text: str) -> None:
        await asyncio.sleep(self._random.uniform(*LATE_SECONDS))
        await self._hand_over(routes, socket, text)

    async def _hand_over(self, routes: SocketRoutes, socket: Socket, text: str) -> None:
        await asyncio.sleep(self._random.uniform(0, self._rules.overtake_seconds))
        route = routes.route_of(text)
        if route is None:
            self._send_error(socket, "Forbidden")
        elif route.function is None:
            if self._rules.pings_fail and not route.replies:
                self._send_error(socket, "Internal server error")
        else:
            await self._run(route, socket, text)

    async def _run(self, route: Route, socket: Socket, text: str) -> None:
        event = socket.identity.event(route.key, "MESSAGE", messageId=new_id())
        try:
            result = await self._invoke(route.function or "", {**event, "body": text})
        except TimeoutError:
            self._send_error(socket, "Endpoint request timed out")
        except (InvocationFailed, Throttled):
            self._send_error(socket, "Internal server error")
        else:
            if not isinstance(result, dict) or "statusCode" not in result:
                self._send_error(socket, "Internal server error")

    def _send_error(self, socket: Socket, message: str) -> None:
        self._rules.met[f"socket: error frame, {message}"] += 1
        socket.send(json.dumps(_frame(message, socket.identity.connection_id)))

    async def _disconnected(self, routes: SocketRoutes, socket: Socket) -> None:
        """Invoke ``$disconnect``, which AWS does at its best effort: nothing repeats it."""
        route = routes.routes.get("$disconnect")
        if route is None or route.function is None:
            return
        code, reason = socket.end
        ended = {"disconnectStatusCode": code, "disconnectReason": reason}
        try:
            await self._invoke(
                route.function, socket.identity.event("$disconnect", "DISCONNECT", **ended)
            )
        except (InvocationFailed, Throttled, TimeoutError):
            return

    async def _invoke(self, function: str, event: Event) -> Any:  # noqa: ANN401
        try:
            with self._runs.run():
                async with asyncio.timeout(self._rules.integration_seconds):
                    return await self._emulator.invoke(function, event)
        except Cut as cut:
            _logger.info("%s: no response", function)
            raise InvocationFailed(function) from cut
        except (InvocationFailed, Throttled, TimeoutError) as failed:
            _logger.info("%s: %r", function, failed)
            raise

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- functions ---------------------------------------------------------------------------------

    async def answer(self, call: Call) -> Message:
        """Return the response of @connections."""
        checked = await self._emulator.call(call.message)
        if checked.status == 403:  # noqa: PLR2004 - HTTP
            return checked  # IAM refuses it; the emulator knows no connection
        found = CONNECTION_PATH.match(call.message.target)
        socket = self._sockets.get(unquote(found[3])) if found else None
        if socket is None:
            return self._unknown()
        match call.operation:
            case "GET":
                return _described(socket)
            case "DELETE":
                socket.close(1000, "Connection Closed Normally")
                return respond(204, "No Content")
            case _:
                return self._post(socket, plain_body(call.message))

    def _post(self, socket: Socket, data: bytes) -> Message:
        if len(data) > self._rules.message_bytes:
            self._rules.met["@connections: too large"] += 1
            return error(413, "PayloadTooLargeException")
        text = data.decode(errors="replace")
        kind = self._faults.of_message(to_gateway=False)
        if kind == "late":
            loop, delay = asyncio.get_running_loop(), self._random.uniform(*LATE_SECONDS)
            loop.call_later(delay, socket.send, text)
        elif kind != "lost":
            socket.send(text)
        if kind == "repeated":
            socket.send(text)
        return respond(200, "OK")

    def _unknown(self) -> Message:
        """Return 410 with an empty body, or 403: see `Unknown`."""
        self._rules.met["@connections: unknown connection"] += 1
        forbidden = {Unknown.GONE: 0.0, Unknown.FORBIDDEN: 1.0, Unknown.EITHER: 0.5}
        if self._random.random() < forbidden[self._rules.unknown]:
            return respond_json(
                403, "Forbidden", {"message": "Forbidden"}, x_amzn_errortype="ForbiddenException"
            )
        return respond(410, "Gone")


def _described(socket: Socket) -> Message:
    """Return the response of GetConnection ("Use @connections commands"): times are ISO text."""
    return respond_json(
        200,
        "OK",
        {
            "connectedAt": _iso(socket.identity.connected_at / 1000),
            "identity": {
                "sourceIp": socket.identity.source_ip,
                "userAgent": socket.identity.user_agent,
            },
            "lastActiveAt": _iso(socket.last_active),
        },
    )


def _iso(seconds: float) -> str:
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _context_of(verdict: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a function returns
    """Return an authorizer's context, with text only; refuse what it does not allow."""
    try:
        statements = verdict["policyDocument"]["Statement"]
        allowed = all(each["Effect"] == "Allow" for each in statements)
        context = verdict.get("context") or {}
        texts = {name: _as_text(value) for name, value in context.items()}
        principal = verdict["principalId"]
    except (TypeError, KeyError, AttributeError) as malformed:
        raise Refused(500) from malformed
    if not allowed:
        raise Refused(403)
    return {**texts, "principalId": principal, "integrationLatency": 1}


def _as_text(value: Any) -> str:  # noqa: ANN401
    return value if isinstance(value, str) else json.dumps(value)


def _expect_success(result: Any) -> None:  # noqa: ANN401
    status = result.get("statusCode") if isinstance(result, dict) else None
    if not isinstance(status, int):
        raise Refused(500)
    if not 200 <= status < 300:  # noqa: PLR2004 - HTTP
        raise Refused(status)


def _frame(message: str, connection_id: str) -> dict[str, str]:
    """Return what API Gateway says on its own.

    Its shape is in public threads ("Porting to aws-cdk", aws-samples/simple-websockets-chat-app).
    """
    return {"message": message, "connectionId": connection_id, "requestId": new_id()}
