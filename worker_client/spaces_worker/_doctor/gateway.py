"""The doctor's look at what the gateway says of itself: versions, spaces, and where files go."""

import contextlib
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

from spaces_protocol.gateway_messages import GatewayFacts
from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_worker._doctor.checks import Finding, Health
from spaces_worker._doctor.network import Clock, network_findings
from spaces_worker._doctor.route import route_of_files
from spaces_worker._errors import SettingsError
from spaces_worker._settings import Settings

_SHOWN_SPACES: Final = 10
_FILES_ADVICE: Final = (
    "Files come and go by this host: let this machine reach it (firewall, proxy, certificates), "
    "or requests with files fail."
)


async def gateway_findings(
    about: GatewayFacts | None, settings: Settings, clock: Clock
) -> AsyncIterator[Finding]:
    """Yield what follows from it; an older gateway tells nothing."""
    yield protocol_finding(about)
    if about is None:
        return
    yield spaces_finding(about, settings)
    if about.files_url is not None:
        yield await files_finding(about.files_url, settings, clock)


def protocol_finding(about: GatewayFacts | None) -> Finding:
    """Return whether gateway and worker speak the same protocol."""
    if about is None:
        return Finding("protocol", Health.SKIPPED, "the gateway does not tell its version")
    if about.protocol == PROTOCOL_VERSION:
        return Finding("protocol", Health.WELL, f"the gateway speaks {about.protocol}, too")
    text = f"The gateway speaks {about.protocol}, this worker {PROTOCOL_VERSION}."
    older = about.protocol > PROTOCOL_VERSION
    newer_worker = "Update this worker: pip install --upgrade spaces-worker"
    advice = newer_worker if older else "Ask the gateway's administrator to update the gateway."
    return Finding("protocol", Health.FAILED, text, advice)


def spaces_finding(about: GatewayFacts, settings: Settings) -> Finding:
    """Return whether the token is for the spaces that the settings name."""
    missing = [space for space in settings.spaces if space not in about.spaces]
    if not missing:
        served = ", ".join(settings.spaces)
        return Finding("spaces", Health.WELL, f"the token is for {served}")
    more = len(about.spaces) - _SHOWN_SPACES
    known = ", ".join(about.spaces[:_SHOWN_SPACES]) + (f" and {more} more" if more > 0 else "")
    text = f"The token is not for {', '.join(missing)}; it is for {known}."
    advice = (
        "Correct SPACES_SPACES (or --spaces), or ask the gateway's administrator for a token "
        "that is for them."
    )
    return Finding("spaces", Health.FAILED, text, advice)


async def files_finding(url: str, settings: Settings, clock: Clock) -> Finding:
    """Return whether the host that files come from and go to can be reached."""
    try:
        route = route_of_files(url, settings)
    except SettingsError as error:
        return Finding("files", Health.FAILED, str(error))
    if route.proxy is not None and route.proxy.is_socks:
        text = f"Files cannot go by the SOCKS proxy of {route.proxy.variable}."
        advice = f"Name an HTTP proxy, or add {urlsplit(url).hostname} to NO_PROXY."
        return Finding("files", Health.FAILED, text, advice)
    text = ""
    async with contextlib.aclosing(network_findings(route, clock)) as findings:
        async for finding in findings:
            if finding.health is Health.FAILED:
                return Finding("files", Health.FAILED, finding.text, _FILES_ADVICE)
            text = finding.text if finding.check == "connection" else text
    return Finding("files", Health.WELL, text)
