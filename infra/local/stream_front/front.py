"""The HTTP server: in place of CloudFront, it adds the edge key; in place of Lambda, it invokes."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from infra.forwarded_headers import FORWARDED_TO_MCP, FORWARDED_TO_STREAMS
from infra.local.stream_front.events import DOMAIN, function_url_event
from infra.local.stream_front.executions import Executions, TooManyInvocations
from infra.local.stream_front.reply import Reply
from infra.local.strict_edge.http_messages import (
    Cut,
    Message,
    plain_body,
    read_head,
    with_body,
)
from spaces.schema import EDGE_KEY_HEADER

STREAM_BYTES: Final = 1 << 20
MAX_EVENT_BYTES: Final = 6_291_556
"""Source: "Lambda quotas", invocation payload; the number is from Lambda's own error message."""
_MALFORMED: Final = (ValueError, IndexError, asyncio.LimitOverrunError)
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_ALWAYS: Final = ("content-length", "host")
_FORWARDED: Final = frozenset({*_ALWAYS, *(name.lower() for name in FORWARDED_TO_STREAMS)})
_TO_OPENAI: Final = _FORWARDED | {"authorization"}
_TO_MCP: Final = frozenset({*_ALWAYS, "authorization", *(n.lower() for n in FORWARDED_TO_MCP)})
_PREFLIGHT: Final = MappingProxyType(
    {
        "Access-Control-Allow-Methods": "GET, POST, DELETE",
        "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
    }
)


@dataclass(frozen=True)
class Front:
    """The server.

    Attributes:
        executions: run the function.
        edge_key: what CloudFront adds to each call.
        page_origin: the origin of the page. On AWS it is that of streams; here it needs CORS.
    """

    executions: Executions
    edge_key: str
    page_origin: str

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection: one call."""
        try:
            head = await read_head(reader)
            if head is not None:
                if "100-continue" in head.headers.get("expect", "").lower():
                    writer.write(_CONTINUE)
                await self._respond(await with_body(reader, head), writer)
        except (Cut, ConnectionError, asyncio.IncompleteReadError, *_MALFORMED):
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _respond(self, request: Message, writer: asyncio.StreamWriter) -> None:
        cors = self._cors(request)
        if cors and request.method == "OPTIONS":
            await Reply(writer, request.method, cors).begin(HTTPStatus.NO_CONTENT, _PREFLIGHT)
            return
        whole = Message(request.head, plain_body(request))
        address, port = writer.get_extra_info("peername")[:2]
        headers = self._headers(whole, f"{address}:{port}")
        event = function_url_event(whole, headers, address)
        reply = Reply(writer, request.method, cors)
        if len(json.dumps(event)) > MAX_EVENT_BYTES:
            await reply.fail(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        try:
            await self.executions.invoke(event, reply)
        except TooManyInvocations:
            await reply.fail(HTTPStatus.TOO_MANY_REQUESTS, "Rate Exceeded.")

    def _headers(self, request: Message, viewer: str) -> dict[str, str]:
        """Return the headers that reach the Function URL; CloudFront forwards only some."""
        if request.headers.get("host", "").partition(":")[0] == DOMAIN:
            return request.headers
        names = _TO_OPENAI if request.path.startswith("/openai/") else _FORWARDED
        names = _TO_MCP if request.path == "/mcp" else names
        forwarded = {name: value for name, value in request.headers.items() if name in names}
        added = {EDGE_KEY_HEADER: self.edge_key, "cloudfront-viewer-address": viewer}
        return {**forwarded, **added, "host": DOMAIN}

    def _cors(self, request: Message) -> dict[str, str]:
        if request.headers.get("origin") != self.page_origin:
            return {}
        return {"Access-Control-Allow-Origin": self.page_origin, "Vary": "Origin"}


async def listen(front: Front, port: int) -> asyncio.Server:
    """Serve on a port of the loopback interface."""
    return await asyncio.start_server(front.serve, "127.0.0.1", port, limit=STREAM_BYTES)
