"""Open lines about the socket, which a client with a worker token can settle.

These use a bare WebSocket, because the worker client never sends what they try.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from time import perf_counter
from typing import Any, Final

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from tests.smoke.findings import NOT_SETTLED, Finding, found, noted, tried, untried
from tests.smoke.target import Target

QUIET_SECONDS: Final = 4.0
"""How long a frame that should not come is waited for."""
REPLY_SECONDS: Final = 20.0
FLOOD: Final = 12
"""More than a fresh account runs functions at a time."""
PROBE: Final = '{"action": "doctor"}'
"""Not an action of the protocol: the gateway replies with its own description."""


@asynccontextmanager
async def bare_connection(
    target: Target, *, token: str | None = None, url: str | None = None
) -> AsyncIterator[ClientConnection]:
    """Open a connection that registers no worker."""
    address = url or target.socket_url
    async with connect(
        address,
        additional_headers={
            "Authorization": f"Bearer {token or target.token}",
            "X-Worker-Id": f"smoke-{token_hex(3)}",
        },
        proxy=None if "//localhost" in address else True,
        ping_interval=None,
        open_timeout=REPLY_SECONDS,
    ) as socket:
        yield socket


async def frame(socket: ClientConnection, seconds: float = QUIET_SECONDS) -> str | None:
    """Return the next frame as text, or None if none comes."""
    try:
        async with asyncio.timeout(seconds):
            received = await socket.recv()
    except TimeoutError:
        return None
    except ConnectionClosed as closed:
        return f"closed with {closed.rcvd.code if closed.rcvd else 'no code'}"
    return received if isinstance(received, str) else received.decode(errors="replace")


def shape(text: str | None) -> str:
    """Return what a frame consists of, without ids."""
    if text is None:
        return "no frame"
    with suppress(ValueError):
        fields: Any = json.loads(text)
        if isinstance(fields, dict):
            named = fields.get("error_type") or fields.get("message") or fields.get("action")
            return f"{named}: {{{', '.join(sorted(fields))}}}"
    return text[:80]


async def spaces_of(target: Target) -> list[str]:
    """Return the spaces that the token is for, as the gateway tells them."""
    async with bare_connection(target) as socket:
        await socket.send(PROBE)
        text = await frame(socket, REPLY_SECONDS)
    facts: Any = json.loads(text or "{}").get("gateway") or {}
    return [str(each) for each in facts.get("spaces", [])]


async def ask(target: Target) -> AsyncIterator[Finding]:
    """Yield the lines."""
    for line, attempt in _LINES.items():
        yield await tried(line, NOT_SETTLED, attempt(target))


async def _ping(target: Target) -> Finding:
    async with bare_connection(target) as socket:
        await socket.send('{"action": "ping"}')
        text = await frame(socket)
    return found("ping: a frame back?", "no frame", shape(text), as_expected=text is None)


async def _protocol_ping(target: Target) -> Finding:
    line, expected = "protocol-level ping", "a pong"
    async with bare_connection(target) as socket:
        began = perf_counter()
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                await (await socket.ping())
        except (TimeoutError, ConnectionClosed) as error:
            return found(line, expected, type(error).__name__, as_expected=False)
        milliseconds = (perf_counter() - began) * 1000
    return found(line, expected, f"after {milliseconds:.0f} ms", as_expected=True)


async def _connect_as_message(target: Target) -> Finding:
    async with bare_connection(target) as socket:
        await socket.send('{"action": "$connect"}')
        text = await frame(socket)
        await socket.send(PROBE)
        alive = await frame(socket, REPLY_SECONDS)
    works = "works" if alive and "gateway" in alive else f"has ended ({shape(alive)})"
    return noted('{"action": "$connect"} as a message', f"{shape(text)}; the connection {works}")


async def _error_frame(target: Target) -> Finding:
    async with bare_connection(target) as socket:
        await socket.send("not JSON")
        text = await frame(socket, REPLY_SECONDS)
    return found(
        "a message that is not JSON",
        "the gateway's own error (route $default), no error frame of API Gateway",
        shape(text),
        as_expected="error_type" in (text or ""),
    )


async def _wrong_path(target: Target) -> Finding:
    status = await _handshake(target, url=f"{target.socket_url}-not")
    return found("wrong socket path", "403", status, as_expected=status == "403")


async def _handshakes(target: Target) -> Finding:
    tries = (_handshake(target, token=f"wst_{token_hex(16)}") for _ in range(FLOOD))
    seen = Counter(await asyncio.gather(*tries))
    text = ", ".join(f"{count} of {status}" for status, count in sorted(seen.items()))
    refused = {"401", "403"}
    return found(
        f"{FLOOD} handshakes at once with a wrong token",
        "401 or 403; 429 or 500 would be the status while the authorizer is throttled",
        text,
        as_expected=set(seen) <= refused,
    )


async def _handshake(target: Target, *, url: str | None = None, token: str | None = None) -> str:
    try:
        async with bare_connection(target, url=url, token=token):
            return "accepted"
    except InvalidStatus as error:
        return str(error.response.status_code)
    except (OSError, WebSocketException, TimeoutError) as error:
        return type(error).__name__


async def _revocation(target: Target) -> Finding:
    line, expected = "CORS of /oauth2/revoke", "allows the page's origin"
    endpoint = target.config.get("auth", {}).get("endpoints", {}).get("revocation")
    if not endpoint:
        return untried(line, expected, "config.json names no such address")
    origin = target.page_url.rstrip("/")
    async with httpx.AsyncClient(trust_env="//localhost" not in endpoint) as sign_in:
        form = {"token": "none", "client_id": target.config["auth"]["client_id"]}
        response = await sign_in.post(endpoint, data=form, headers={"Origin": origin})
    allowed = response.headers.get("access-control-allow-origin")
    seen = f"{response.status_code}, access-control-allow-origin: {allowed or 'missing'}"
    return found(line, expected, seen, as_expected=allowed in {"*", origin})


_LINES: Final[Mapping[str, Callable[[Target], Awaitable[Finding]]]] = {
    "ping: a frame back?": _ping,
    "protocol-level ping": _protocol_ping,
    '{"action": "$connect"} as a message': _connect_as_message,
    "a message that is not JSON": _error_frame,
    "wrong socket path": _wrong_path,
    "handshakes at once with a wrong token": _handshakes,
    "CORS of /oauth2/revoke": _revocation,
}
