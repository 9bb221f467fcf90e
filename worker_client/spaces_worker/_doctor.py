"""Looks for what keeps a worker from its gateway, step by step, without taking anyone's place."""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus, WebSocketException

from spaces_protocol.codec import UnreadableMessage, decode_gateway_message
from spaces_protocol.gateway_messages import ErrorReply
from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_worker._doctor_route import Route, certificate_finding, route_of, tls_context
from spaces_worker._findings import Finding, Health
from spaces_worker._settings import Settings
from spaces_worker._state_folder import folder_finding
from spaces_worker._transport import _dial as dial
from spaces_worker._transport import end_of_dial
from spaces_worker._version import __version__

PATIENCE_SECONDS: Final = 10.0
CLOCK_TOLERANCE_SECONDS: Final = 60.0
PROBE: Final = '{"action":"doctor"}'
"""No action of the contract: it is answered with an error, and changes nothing."""

Clock = Callable[[], datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def examine(settings: Settings, clock: Clock = _utc_now) -> AsyncIterator[Finding]:
    """Yield one finding after another; the first failure on the way to the gateway is the last.

    Args:
        settings: those of the worker to examine.
        clock: this machine's time.
    """
    yield _versions()
    yield folder_finding(settings)
    route = route_of(settings)
    yield route.finding()
    for step in (_find, _reach, _secure):
        finding = await step(route, settings)
        yield finding
        if finding.health is Health.FAILED:
            return
    async for finding in _greet(settings, clock):
        yield finding


def _versions() -> Finding:
    python = ".".join(str(part) for part in sys.version_info[:3])
    text = f"spaces-worker {__version__}, protocol {PROTOCOL_VERSION}, Python {python}"
    return Finding("version", Health.WELL, text)


async def _find(route: Route, _settings: Settings) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(route.host, route.port)
    except (OSError, TimeoutError) as error:
        advice = "Check the network of this machine, its name server, and the url for typos."
        return Finding("name", Health.FAILED, f"{route.host} is not found ({error}).", advice)
    addresses = sorted({str(each[4][0]) for each in found})
    return Finding("name", Health.WELL, f"{route.host} is {', '.join(addresses[:3])}")


async def _reach(route: Route, _settings: Settings) -> Finding:
    began = perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            _, writer = await asyncio.open_connection(route.host, route.port)
    except (OSError, TimeoutError) as error:
        cause = str(error) or f"no answer within {PATIENCE_SECONDS:.0f} s"
        advice = f"Check the url, and whether a firewall lets port {route.port} out."
        text = f"{route.host}:{route.port} cannot be reached ({cause})."
        return Finding("connection", Health.FAILED, text, advice)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    milliseconds = 1000 * (perf_counter() - began)
    text = f"{route.host}:{route.port} answers in {milliseconds:.0f} ms"
    return Finding("connection", Health.WELL, text)


async def _secure(route: Route, settings: Settings) -> Finding:
    if not route.secure:
        return Finding("encryption", Health.SKIPPED, "ws:// is not encrypted")
    if route.proxied:
        return Finding("encryption", Health.SKIPPED, "made through the proxy, see the token")
    context = tls_context(settings)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            _, writer = await asyncio.open_connection(route.host, route.port, ssl=context)
    except (OSError, TimeoutError) as error:
        return _insecure(error, settings)
    link = writer.get_extra_info("ssl_object")
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return certificate_finding(link, _utc_now())


def _insecure(error: Exception, settings: Settings) -> Finding:
    if isinstance(error, ssl.SSLCertVerificationError):
        text = f"The certificate is not trusted ({error.verify_message})."
        advice = (
            "Check this machine's clock; behind a proxy with its own authority, set "
            "SSL_CERT_FILE to its certificate."
        )
        return Finding("encryption", Health.FAILED, text, advice)
    advice = f"Is {settings.url} really the address of a gateway? ws:// is for local ones only."
    return Finding("encryption", Health.FAILED, f"No encryption could be agreed ({error}).", advice)


async def _greet(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    try:
        link = await dial(settings)
    except InvalidStatus as error:
        yield _clock_finding(error.response.headers.get("Date"), clock())
        yield _refused(error, settings)
        return
    except (OSError, TimeoutError, EOFError, WebSocketException) as error:
        advice = "Check the url: does it name the socket of a gateway?"
        yield Finding("token", Health.FAILED, end_of_dial(error, settings).reason, advice)
        return
    try:
        date = link.response.headers.get("Date") if link.response else None
        yield _clock_finding(date, clock())
        text = f"accepted for {settings.worker_id}, asking for {', '.join(settings.spaces)}"
        yield Finding("token", Health.WELL, text)
        yield await _round_trip(link)
    finally:
        await link.close()


def _refused(error: InvalidStatus, settings: Settings) -> Finding:
    status = error.response.status_code
    reason = end_of_dial(error, settings).reason
    if status in {401, 403}:
        advice = (
            "Copy the token again, or ask the gateway's administrator for a new one; check also "
            "that the url is the one that belongs to it."
        )
    else:
        advice = "Check the url: does it name the socket of a gateway, with its stage, such as /v1?"
    return Finding("token", Health.FAILED, reason, advice)


def _clock_finding(date: str | None, here: datetime) -> Finding:
    try:
        there = parsedate_to_datetime(date or "")
    except ValueError:
        return Finding("clock", Health.SKIPPED, "the gateway does not tell its time")
    if there.tzinfo is None:
        there = there.replace(tzinfo=UTC)
    behind = (there - here).total_seconds()
    if abs(behind) <= CLOCK_TOLERANCE_SECONDS:
        return Finding("clock", Health.WELL, f"as the gateway's, within {abs(behind) + 1:.0f} s")
    direction = "behind" if behind > 0 else "ahead of"
    text = f"{_spoken(abs(behind))} {direction} the gateway's"
    advice = "Switch on time synchronisation: timedatectl set-ntp true"
    return Finding("clock", Health.WARNING, text, advice)


def _spoken(seconds: float) -> str:
    if seconds < 2 * 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 2 * 3600 else f"{seconds / 3600:.0f} h"


async def _round_trip(link: ClientConnection) -> Finding:
    began = perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await link.send(PROBE)
            while not _is_answer(await link.recv()):
                pass
    except (TimeoutError, WebSocketException) as error:
        cause = str(error) or f"nothing within {PATIENCE_SECONDS:.0f} s"
        advice = "Look at the gateway's logs; a proxy on the way may hold messages back."
        text = f"A message got no answer ({cause})."
        return Finding("round trip", Health.FAILED, text, advice)
    milliseconds = 1000 * (perf_counter() - began)
    return Finding("round trip", Health.WELL, f"{milliseconds:.0f} ms")


def _is_answer(text: str | bytes) -> bool:
    try:
        return isinstance(decode_gateway_message(text), ErrorReply)
    except UnreadableMessage:
        return False
