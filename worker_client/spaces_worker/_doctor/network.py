"""Checks the network: name, port and certificate."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final

from spaces_worker._doctor.checks import Check, CheckStatus
from spaces_worker._doctor.route import Route

TIMEOUT_SECONDS: Final = 10.0
SOON: Final = timedelta(days=14)
"""A certificate that expires this soon should have been renewed by now."""

Clock = Callable[[], datetime]


async def check_network(route: Route, clock: Clock) -> AsyncGenerator[Check, None]:
    """Yield the checks of a route, up to the first failure."""
    for step in (check_name, check_connection, check_encryption):
        check = await step(route, clock)
        yield check
        if check.status is CheckStatus.FAILED:
            return


async def check_name(route: Route, _clock: Clock) -> Check:
    """Check that the host's name can be resolved."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            found = await loop.getaddrinfo(route.host, route.port)
    except (OSError, UnicodeError) as error:
        text = f"{route.host} is not found ({_cause(error)})."
        advice = "Check this machine's network and name server, and the url for typos."
        return Check("name", CheckStatus.FAILED, text, advice)
    addresses = sorted({str(each[4][0]) for each in found})
    return Check("name", CheckStatus.OK, f"{route.host} is {', '.join(addresses[:3])}")


async def check_connection(route: Route, _clock: Clock) -> Check:
    """Check that the port answers."""
    began = perf_counter()
    try:
        await _connect(route)
    except OSError as error:
        text = f"{route.host}:{route.port} cannot be reached ({_cause(error)})."
        advice = f"Check the url, and whether a firewall lets port {route.port} out."
        return Check("connection", CheckStatus.FAILED, text, advice)
    milliseconds = 1000 * (perf_counter() - began)
    text = f"{route.host}:{route.port} answers in {milliseconds:.0f} ms"
    return Check("connection", CheckStatus.OK, text)


async def check_encryption(route: Route, clock: Clock) -> Check:
    """Check that the certificate is trusted, and until when."""
    if route.tls is None:
        return Check("encryption", CheckStatus.SKIPPED, "none: ws:// is for local gateways")
    if route.proxy is not None:
        return Check("encryption", CheckStatus.SKIPPED, "not checked: there is a proxy in between")
    try:
        connection = await _connect(route, route.tls)
    except ssl.SSLCertVerificationError as error:
        text = f"The certificate is not trusted ({error.verify_message})."
        advice = (
            "Check this machine's clock; behind a proxy with its own certificate authority, give "
            "its certificate with --ca-file or SPACES_CA_FILE."
        )
        return Check("encryption", CheckStatus.FAILED, text, advice)
    except OSError as error:
        text = f"No encryption could be agreed ({_cause(error)})."
        advice = "Check the url: is there a gateway that uses wss:// at this host and port?"
        return Check("encryption", CheckStatus.FAILED, text, advice)
    return _certificate_check(connection, clock())


def _certificate_check(connection: ssl.SSLObject, now: datetime) -> Check:
    certificate = connection.getpeercert() or {}
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    text = f"{connection.version()}, certificate good until {until:%Y-%m-%d}"
    if until - now < SOON:
        advice = "Tell the gateway's administrator to renew it."
        return Check("encryption", CheckStatus.WARNING, text, advice)
    return Check("encryption", CheckStatus.OK, text)


async def _connect(route: Route, tls: ssl.SSLContext | None = None) -> Any:  # noqa: ANN401 - as asyncio has it
    """Connect, leave, and return the encryption that was agreed."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        _, writer = await asyncio.open_connection(route.host, route.port, ssl=tls)
    connection = writer.get_extra_info("ssl_object")
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return connection


def _cause(error: Exception) -> str:
    return str(error) or f"no answer within {TIMEOUT_SECONDS:.0f} s"
