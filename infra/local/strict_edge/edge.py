"""Takes every call on the local cloud's port and gives it to what AWS would give it to."""

import asyncio
import contextlib
import json
import re
from random import Random
from typing import Final

from infra.local.cloud import CREDENTIALS
from infra.local.strict_edge.aws_calls import AwsCalls
from infra.local.strict_edge.emulator_calls import Emulator, Stream
from infra.local.strict_edge.faults import SERVICES, Call, Faults, NoFaults, error
from infra.local.strict_edge.http_messages import (
    Cut,
    Message,
    plain_body,
    read_head,
    respond,
    respond_json,
    with_body,
)
from infra.local.strict_edge.lambda_runs import LambdaRuns, Throttled
from infra.local.strict_edge.objects import hide_missing
from infra.local.strict_edge.rules import Rules
from infra.local.strict_edge.schedules import Schedules
from infra.local.strict_edge.socket_api import CONNECTION_PATH, SocketApi

_DEPLOYER: Final = CREDENTIALS["AWS_ACCESS_KEY_ID"]
_API_PATH: Final = re.compile(r"/_aws/execute-api/(\w+)(/.*)?")
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class StrictEdge:
    """The edge.

    Args:
        emulator_port: the emulator's port.
        rules: what it enforces; they may be changed while it runs.
        faults: what goes wrong beyond the rules.
        seed: what chance is drawn from.

    Attributes:
        sockets: the WebSocket API.
        runs: the invocations that it knows.
    """

    def __init__(
        self,
        emulator_port: int,
        rules: Rules,
        faults: Faults | None = None,
        seed: str = "strict edge",
    ) -> None:
        self.rules = rules
        self.runs = LambdaRuns(rules)
        self._random = Random(seed)  # noqa: S311 - no secret
        self._emulator = Emulator(emulator_port)
        self._faults = faults or NoFaults()
        self.sockets = SocketApi(rules, self._emulator, self.runs, self._faults, self._random)
        self._schedules = Schedules(rules, self._emulator, self._random)
        self._serving: set[asyncio.Task[None]] = set()
        self._calls = AwsCalls(self._faults, self._carry_out, self._random)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Start to serve a connection."""
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = (reader, writer)
        try:
            while (head := await read_head(reader)) is not None:
                if head.headers.get("upgrade", "").lower() == "websocket":
                    await self.sockets.serve(head, stream)
                    return
                if "100-continue" in head.headers.get("expect", "").lower():
                    writer.write(_CONTINUE)
                    head = Message(re.sub(rb"(?i)\r\nexpect:[^\r]*", b"", head.head))
                await self._respond(head, stream)
                await writer.drain()
        except (Cut, ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def close(self) -> None:
        """End what still runs."""
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self.sockets.close()

    async def _respond(self, head: Message, stream: Stream) -> None:
        key, signed_for = head.credential or ("", "")
        service = SERVICES.get(signed_for, "") if key != _DEPLOYER else ""
        if head.headers.get("host", "").partition(":")[0].endswith(".cloudfront.localhost"):
            await self._by_cloudfront(head, stream)
        elif service == "S3":
            await self._emulator.stream(head, stream, lambda got: hide_missing(head, got))
        elif service:
            whole = await with_body(stream[0], head)
            caller = stream[1].get_extra_info("peername")[1]
            _write(stream, await self._calls.answer(Call(service, whole, caller)))
        elif _API_PATH.fullmatch(head.path):
            _write(stream, await self._by_http_api(head, stream))
        elif head.path.startswith("/2015-03-31/functions/") and head.method == "POST":
            _write(stream, await self._invoke(await with_body(stream[0], head)))
        else:
            await self._emulator.stream(head, stream)

    async def _carry_out(self, call: Call) -> Message:
        if call.service == "Scheduler":
            return await self._schedules.answer(call)
        if call.service == "Lambda":
            return await self._invoke(call.message)
        if CONNECTION_PATH.match(call.message.target):
            return await self.sockets.answer(call)
        return await self._emulator.call(call.message)

    async def _invoke(self, call: Message) -> Message:
        """Return the response to a direct invocation.

        Lambda queues an asynchronous one, however many functions run ("How Lambda handles errors
        and retries with asynchronous invocation").
        """
        if call.headers.get("x-amz-invocation-type") == "Event":
            return await self._emulator.call(call)
        try:
            with self.runs.run():
                return await self._emulator.call(call)
        except Throttled:
            return error(429, "TooManyRequestsException", "Rate Exceeded.")

    async def _by_http_api(self, head: Message, stream: Stream) -> Message:
        """Return the response of the HTTP API, whose only integrations are functions."""
        values = len(head.start) + sum(len(value) for _, value in head.header_list)
        if values > self.rules.http_header_bytes:
            self.rules.met["HTTP API: headers too long"] += 1
            return _api_error(431, "Request Header Fields Too Large")
        whole = await with_body(stream[0], head)
        if len(whole.body) > self.rules.http_request_bytes:
            self.rules.met["HTTP API: request too large"] += 1
            return _api_error(413, "Request Entity Too Large")
        try:
            with self.runs.run():
                async with asyncio.timeout(self.rules.http_seconds):
                    response = await self._emulator.call(whole)
        except Throttled:
            # REST APIs answer 500 (public threads); what HTTP APIs answer is unsettled.
            return _api_error(*self._random.choice(_UNAVAILABLE))
        except TimeoutError:
            self.rules.met["HTTP API: too slow"] += 1
            return _api_error(503, "Service Unavailable")
        if _payload_bytes(response) > self.rules.http_response_bytes:
            self.rules.met["HTTP API: response too large"] += 1
            return _api_error(500, "Internal Server Error")
        return response

    async def _by_cloudfront(self, head: Message, stream: Stream) -> None:
        """Answer a viewer, with 504 if the first byte takes too long."""
        whole = await with_body(stream[0], head)
        try:
            async with asyncio.timeout(self.rules.first_byte_seconds):
                response = await self._emulator.call(whole)
        except TimeoutError:
            response = respond(504, "Gateway Timeout", b"<HTML>", content_type="text/html")
        _write(stream, response)


_UNAVAILABLE: Final = ((500, "Internal Server Error"), (503, "Service Unavailable"))


def _payload_bytes(response: Message) -> int:
    """Return how large the result of a function was that carried this body as a JSON string."""
    try:
        text = plain_body(response).decode()
    except UnicodeDecodeError:
        return -(-len(response.body) // 3) * 4  # in Base64
    return len(json.dumps(text, ensure_ascii=False).encode())


def _api_error(status: int, reason: str) -> Message:
    return respond_json(status, reason, {"message": reason})


def _write(stream: Stream, response: Message) -> None:
    stream[1].write(response.head + response.body)
