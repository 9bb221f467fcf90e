"""Looks for what keeps a worker from its gateway, step by step, without taking anyone's place."""

import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_worker._doctor.checks import Finding, Health
from spaces_worker._doctor.handshake import handshake_findings
from spaces_worker._doctor.network import network_findings
from spaces_worker._doctor.route import route_of
from spaces_worker._errors import SettingsError
from spaces_worker._settings import Settings
from spaces_worker._storage.state_folder import folder_finding
from spaces_worker._version import __version__


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def examine(
    settings: Settings, clock: Callable[[], datetime] = _utc_now
) -> AsyncIterator[Finding]:
    """Yield one finding after another; the first failure on the way to the gateway is the last.

    Args:
        settings: those of the worker to examine.
        clock: this machine's time.
    """
    yield _versions()
    yield folder_finding(settings)
    try:
        route = route_of(settings)
    except SettingsError as error:
        yield Finding("way", Health.FAILED, str(error))
        return
    yield route.finding()
    async for finding in network_findings(route, clock):
        yield finding
        if finding.health is Health.FAILED:
            return
    async for finding in handshake_findings(settings, route.tls, clock):
        yield finding


def _versions() -> Finding:
    python = ".".join(str(part) for part in sys.version_info[:3])
    text = f"spaces-worker {__version__}, protocol {PROTOCOL_VERSION}, Python {python}"
    return Finding("version", Health.WELL, text)
