"""Checks what the gateway reports about itself: protocol, spaces and the host of files."""

import contextlib
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

from spaces_protocol.gateway_messages import GatewayFacts
from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_worker._connection.file_host import FileHost
from spaces_worker._doctor.checks import Check, CheckStatus
from spaces_worker._doctor.network import Clock, check_network
from spaces_worker._doctor.route import route_of_files
from spaces_worker._errors import SettingsError, TransferError
from spaces_worker._runtime.threads import in_thread
from spaces_worker._settings import Settings

_SHOWN_SPACES: Final = 10
_FILES_ADVICE: Final = (
    "Files are transferred through this host. Check that this machine can reach it (firewall, "
    "proxy, certificates); otherwise requests with files will fail."
)
_REFUSED_ADVICE: Final = (
    "The worker does not transfer files there, to protect your network from the gateway. Tell the "
    "gateway's administrator."
)


async def check_gateway(
    about: GatewayFacts | None, settings: Settings, clock: Clock, host: FileHost
) -> AsyncIterator[Check]:
    """Yield the checks; an older gateway reports nothing.

    Args:
        about: what the gateway reports.
        settings: those of the worker.
        clock: this machine's time.
        host: decides whether the worker would use the host of files.
    """
    yield check_protocol(about)
    if about is None:
        return
    yield check_spaces(about, settings)
    if about.files_url is not None:
        yield await check_files(about.files_url, settings, clock, host)


def check_protocol(about: GatewayFacts | None) -> Check:
    """Check that gateway and worker use the same protocol."""
    if about is None:
        return Check("protocol", CheckStatus.SKIPPED, "the gateway does not report its version")
    if about.protocol == PROTOCOL_VERSION:
        return Check(
            "protocol", CheckStatus.OK, f"gateway and worker both use protocol {about.protocol}"
        )
    text = f"The gateway uses protocol {about.protocol}, this worker {PROTOCOL_VERSION}."
    older = about.protocol > PROTOCOL_VERSION
    newer_worker = "Update this worker: pip install --upgrade spaces-worker"
    advice = newer_worker if older else "Ask the gateway's administrator to update the gateway."
    return Check("protocol", CheckStatus.FAILED, text, advice)


def check_spaces(about: GatewayFacts, settings: Settings) -> Check:
    """Check that the token is for the spaces in the settings."""
    missing = [space for space in settings.spaces if space not in about.spaces]
    if not missing:
        served = ", ".join(settings.spaces)
        return Check("spaces", CheckStatus.OK, f"the token is for {served}")
    more = len(about.spaces) - _SHOWN_SPACES
    known = ", ".join(about.spaces[:_SHOWN_SPACES]) + (f" and {more} more" if more > 0 else "")
    text = f"The token is not for {', '.join(missing)}; it is for {known}."
    advice = (
        "Correct SPACES_SPACES (or --spaces), or ask the gateway's administrator for a token "
        "that is for them."
    )
    return Check("spaces", CheckStatus.FAILED, text, advice)


async def check_files(url: str, settings: Settings, clock: Clock, host: FileHost) -> Check:
    """Check that the host of files can be reached, and that the worker would use it."""
    host.name(url)
    try:
        host.check_url(url)
        route = route_of_files(url, settings)
        if route.proxy is None:
            with contextlib.suppress(OSError):  # reported below
                await in_thread(lambda: host.addresses(route.host, route.port))
    except TransferError as error:
        return Check("files", CheckStatus.FAILED, f"{_sentence(error)}.", _REFUSED_ADVICE)
    except SettingsError as error:
        return Check("files", CheckStatus.FAILED, str(error))
    if route.proxy is not None and route.proxy.is_socks:
        text = f"Files cannot be transferred through the SOCKS proxy in {route.proxy.variable}."
        advice = f"Set an HTTP proxy, or add {urlsplit(url).hostname} to NO_PROXY."
        return Check("files", CheckStatus.FAILED, text, advice)
    text = ""
    async with contextlib.aclosing(check_network(route, clock)) as checks:
        async for check in checks:
            if check.status is CheckStatus.FAILED:
                return Check("files", CheckStatus.FAILED, check.text, _FILES_ADVICE)
            text = check.text if check.name == "connection" else text
    return Check("files", CheckStatus.OK, text)


def _sentence(error: TransferError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
