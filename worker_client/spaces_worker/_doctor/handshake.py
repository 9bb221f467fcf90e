"""Checks the gateway itself: clock, token, and a message's round trip."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus, WebSocketException

from spaces_protocol.codec import UnreadableMessage, decode_gateway_message
from spaces_protocol.gateway_messages import ErrorReply
from spaces_worker._connection.file_host import FileHost
from spaces_worker._connection.transport import (
    CONNECT_ERRORS,
    connect_failure,
    open_connection,
    peer_address,
)
from spaces_worker._doctor.checks import Check, CheckStatus
from spaces_worker._doctor.gateway import check_gateway
from spaces_worker._doctor.network import Clock
from spaces_worker._settings import Settings

CLOCK_TOLERANCE_SECONDS: Final = 60.0
REPLY_SECONDS: Final = 15.0
"""How long a message may take; an idle gateway needs some seconds for its first one."""
PROBE: Final = '{"action":"doctor"}'
"""Not an action of the protocol: the gateway replies with its own description."""

_TOKEN_REFUSED: Final = frozenset({401, 403})
_SERVER_ERROR: Final = 500
_MINUTE, _HOUR = 60, 3600


async def check_handshake(
    settings: Settings, tls: ssl.SSLContext | None, clock: Clock
) -> AsyncIterator[Check]:
    """Yield what a real connection finds; it registers no worker."""
    try:
        connection = await open_connection(settings, tls)
    except InvalidStatus as error:
        yield check_clock(error.response.headers.get("Date"), clock())
        yield _refused(error, settings)
        return
    except CONNECT_ERRORS as error:
        advice = "Check the url: is it the WebSocket URL of a gateway?"
        yield Check(
            "handshake", CheckStatus.FAILED, connect_failure(error, settings).reason, advice
        )
        return
    try:
        yield check_clock(
            connection.response.headers.get("Date") if connection.response else None, clock()
        )
        text = f"accepted; this worker is {settings.worker_id}"
        yield Check("token", CheckStatus.OK, text)
        check, reply = await _round_trip(connection)
        yield check
        if reply is not None:
            host = FileHost(settings.url)
            host.gateway_is_at(peer_address(connection, settings))
            async for check in check_gateway(reply.gateway, settings, clock, host):
                yield check
    finally:
        await connection.close()


def check_clock(date: str | None, here: datetime) -> Check:
    """Return how far this machine's clock is from the gateway's.

    Args:
        date: the Date header of the gateway's answer (RFC 9110, 6.6.1).
        here: this machine's time.
    """
    try:
        there = parsedate_to_datetime(date or "")
    except (ValueError, OverflowError):
        return Check("clock", CheckStatus.SKIPPED, "the gateway does not report its time")
    behind = ((there if there.tzinfo else there.replace(tzinfo=UTC)) - here).total_seconds()
    if abs(behind) <= CLOCK_TOLERANCE_SECONDS:
        return Check("clock", CheckStatus.OK, f"within {abs(behind) + 1:.0f} s of the gateway's")
    direction = "behind" if behind > 0 else "ahead of"
    text = f"{_spoken(abs(behind))} {direction} the gateway's"
    advice = "Switch on time synchronisation, such as: timedatectl set-ntp true"
    return Check("clock", CheckStatus.WARNING, text, advice)


def _refused(error: InvalidStatus, settings: Settings) -> Check:
    status = error.response.status_code
    if status in _TOKEN_REFUSED:
        advice = (
            "It may be mistyped, expired, revoked or made for another gateway, or the url may not "
            "end with its stage, such as /v1: copy token and url again, or ask the gateway's "
            "administrator for a new one."
        )
        return Check("token", CheckStatus.FAILED, f"The gateway refused it ({status}).", advice)
    reason = connect_failure(error, settings).reason
    if status >= _SERVER_ERROR:
        advice = "Tell the gateway's administrator; a worker keeps retrying."
    else:
        advice = "Copy the url again: it ends with its stage, such as /v1."
    return Check("handshake", CheckStatus.FAILED, reason, advice)


def _spoken(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.0f} h"


async def _round_trip(connection: ClientConnection) -> tuple[Check, ErrorReply | None]:
    began = perf_counter()
    reply = None
    try:
        async with asyncio.timeout(REPLY_SECONDS):
            await connection.send(PROBE)
            while reply is None:
                reply = _reply_in(await connection.recv())
    except (TimeoutError, WebSocketException) as error:
        cause = str(error) or f"nothing within {REPLY_SECONDS:.0f} s"
        advice = "Check the gateway's logs, and whether a proxy holds messages back."
        text = f"A message got no reply ({cause})."
        return Check("round trip", CheckStatus.FAILED, text, advice), None
    milliseconds = 1000 * (perf_counter() - began)
    return Check("round trip", CheckStatus.OK, f"{milliseconds:.0f} ms"), reply


def _reply_in(text: str | bytes) -> ErrorReply | None:
    with suppress(UnreadableMessage):
        message = decode_gateway_message(text)
        return message if isinstance(message, ErrorReply) else None
    return None
