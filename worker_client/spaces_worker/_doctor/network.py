"""The doctor's look at the network: is there a name, an open door, and a certificate."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final

from spaces_worker._doctor.checks import Finding, Health
from spaces_worker._doctor.route import Route

PATIENCE_SECONDS: Final = 10.0
SOON: Final = timedelta(days=14)
"""A certificate that ends so soon should have been renewed by now."""

Clock = Callable[[], datetime]


async def network_findings(route: Route, clock: Clock) -> AsyncGenerator[Finding, None]:
    """Yield what is found on a way, up to the first fault."""
    for step in (name_finding, reach_finding, encryption_finding):
        finding = await step(route, clock)
        yield finding
        if finding.health is Health.FAILED:
            return


async def name_finding(route: Route, _clock: Clock) -> Finding:
    """Return whether the host's name is known."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await loop.getaddrinfo(route.host, route.port)
    except (OSError, UnicodeError) as error:
        text = f"{route.host} is not found ({_cause(error)})."
        advice = "Check this machine's network and name server, and the url for typos."
        return Finding("name", Health.FAILED, text, advice)
    addresses = sorted({str(each[4][0]) for each in found})
    return Finding("name", Health.WELL, f"{route.host} is {', '.join(addresses[:3])}")


async def reach_finding(route: Route, _clock: Clock) -> Finding:
    """Return whether the port answers."""
    began = perf_counter()
    try:
        await _visit(route)
    except OSError as error:
        text = f"{route.host}:{route.port} cannot be reached ({_cause(error)})."
        advice = f"Check the url, and whether a firewall lets port {route.port} out."
        return Finding("connection", Health.FAILED, text, advice)
    milliseconds = 1000 * (perf_counter() - began)
    text = f"{route.host}:{route.port} answers in {milliseconds:.0f} ms"
    return Finding("connection", Health.WELL, text)


async def encryption_finding(route: Route, clock: Clock) -> Finding:
    """Return whether the certificate is trusted, and until when."""
    if route.tls is None:
        return Finding("encryption", Health.SKIPPED, "none: ws:// is for local gateways")
    if route.proxy is not None:
        return Finding("encryption", Health.SKIPPED, "not looked at: a proxy stands between")
    try:
        link = await _visit(route, route.tls)
    except ssl.SSLCertVerificationError as error:
        text = f"The certificate is not trusted ({error.verify_message})."
        advice = (
            "Check this machine's clock; behind a proxy with an authority of its own, name its "
            "certificate by --ca-file or SPACES_CA_FILE."
        )
        return Finding("encryption", Health.FAILED, text, advice)
    except OSError as error:
        text = f"No encryption could be agreed ({_cause(error)})."
        advice = "Check the url: does wss:// stand before a gateway's address?"
        return Finding("encryption", Health.FAILED, text, advice)
    return _certificate_finding(link, clock())


def _certificate_finding(link: ssl.SSLObject, now: datetime) -> Finding:
    certificate = link.getpeercert() or {}
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    text = f"{link.version()}, certificate good until {until:%Y-%m-%d}"
    if until - now < SOON:
        advice = "Tell the gateway's administrator to renew it."
        return Finding("encryption", Health.WARNING, text, advice)
    return Finding("encryption", Health.WELL, text)


async def _visit(route: Route, tls: ssl.SSLContext | None = None) -> Any:  # noqa: ANN401 - as asyncio has it
    """Connect, leave, and return the encryption that was agreed."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        _, writer = await asyncio.open_connection(route.host, route.port, ssl=tls)
    link = writer.get_extra_info("ssl_object")
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return link


def _cause(error: Exception) -> str:
    return str(error) or f"no answer within {PATIENCE_SECONDS:.0f} s"
