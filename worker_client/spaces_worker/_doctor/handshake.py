"""The doctor's look at the gateway itself: clock, token, and a message there and back."""

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
from spaces_worker._connection.transport import DIAL_ERRORS, dial, end_of_dial
from spaces_worker._doctor.checks import Finding, Health
from spaces_worker._doctor.gateway import gateway_findings
from spaces_worker._doctor.network import Clock
from spaces_worker._settings import Settings

CLOCK_TOLERANCE_SECONDS: Final = 60.0
ANSWER_SECONDS: Final = 15.0
"""How long a message may take; a gateway that slept takes some seconds for its first one."""
PROBE: Final = '{"action":"doctor"}'
"""No action of the contract: it changes nothing, and is answered with what the gateway is."""

_TOKEN_REFUSED: Final = frozenset({401, 403})
_SERVER_ERROR: Final = 500
_MINUTE, _HOUR = 60, 3600


async def handshake_findings(
    settings: Settings, tls: ssl.SSLContext | None, clock: Clock
) -> AsyncIterator[Finding]:
    """Yield what a real link finds; it registers for nothing."""
    try:
        link = await dial(settings, tls)
    except InvalidStatus as error:
        yield clock_finding(error.response.headers.get("Date"), clock())
        yield _refused(error, settings)
        return
    except DIAL_ERRORS as error:
        advice = "Check the url: does it name the socket of a gateway?"
        yield Finding("handshake", Health.FAILED, end_of_dial(error, settings).reason, advice)
        return
    try:
        yield clock_finding(link.response.headers.get("Date") if link.response else None, clock())
        text = f"accepted; this worker is {settings.worker_id}"
        yield Finding("token", Health.WELL, text)
        finding, reply = await _round_trip(link)
        yield finding
        if reply is not None:
            async for finding in gateway_findings(reply.gateway, settings, clock):
                yield finding
    finally:
        await link.close()


def clock_finding(date: str | None, here: datetime) -> Finding:
    """Return how far this machine's clock is from the gateway's.

    Args:
        date: the Date header of the gateway's answer (RFC 9110, 6.6.1).
        here: this machine's time.
    """
    try:
        there = parsedate_to_datetime(date or "")
    except (ValueError, OverflowError):
        return Finding("clock", Health.SKIPPED, "the gateway does not tell its time")
    behind = ((there if there.tzinfo else there.replace(tzinfo=UTC)) - here).total_seconds()
    if abs(behind) <= CLOCK_TOLERANCE_SECONDS:
        return Finding("clock", Health.WELL, f"within {abs(behind) + 1:.0f} s of the gateway's")
    direction = "behind" if behind > 0 else "ahead of"
    text = f"{_spoken(abs(behind))} {direction} the gateway's"
    advice = "Switch on time synchronisation, such as: timedatectl set-ntp true"
    return Finding("clock", Health.WARNING, text, advice)


def _refused(error: InvalidStatus, settings: Settings) -> Finding:
    status = error.response.status_code
    if status in _TOKEN_REFUSED:
        advice = (
            "It may be mistyped, expired, revoked or made for another gateway: copy token and url "
            "again, or ask the gateway's administrator for a new one."
        )
        return Finding("token", Health.FAILED, f"The gateway refused it ({status}).", advice)
    reason = end_of_dial(error, settings).reason
    if status >= _SERVER_ERROR:
        advice = "Tell the gateway's administrator; a worker goes on trying."
    else:
        advice = "Copy the url again: it ends with its stage, such as /v1."
    return Finding("handshake", Health.FAILED, reason, advice)


def _spoken(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.0f} h"


async def _round_trip(link: ClientConnection) -> tuple[Finding, ErrorReply | None]:
    began = perf_counter()
    reply = None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await link.send(PROBE)
            while reply is None:
                reply = _reply_in(await link.recv())
    except (TimeoutError, WebSocketException) as error:
        cause = str(error) or f"nothing within {ANSWER_SECONDS:.0f} s"
        advice = "Look at the gateway's logs; a proxy on the way may hold messages back."
        text = f"A message got no answer ({cause})."
        return Finding("round trip", Health.FAILED, text, advice), None
    milliseconds = 1000 * (perf_counter() - began)
    return Finding("round trip", Health.WELL, f"{milliseconds:.0f} ms"), reply


def _reply_in(text: str | bytes) -> ErrorReply | None:
    with suppress(UnreadableMessage):
        message = decode_gateway_message(text)
        return message if isinstance(message, ErrorReply) else None
    return None
