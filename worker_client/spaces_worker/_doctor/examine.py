"""Checks step by step what a worker needs, without disturbing a running one."""

import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_worker._doctor.checks import Check, CheckStatus
from spaces_worker._doctor.handshake import check_handshake
from spaces_worker._doctor.network import check_network
from spaces_worker._doctor.route import route_of
from spaces_worker._errors import SettingsError
from spaces_worker._settings import Settings
from spaces_worker._storage.result_store import check_folder, count_results, results_folder
from spaces_worker._version import __version__


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def examine(
    settings: Settings, clock: Callable[[], datetime] = _utc_now
) -> AsyncIterator[Check]:
    """Yield the checks; the first failure on the route to the gateway is the last.

    Args:
        settings: those of the worker to examine.
        clock: this machine's time.
    """
    yield _check_versions()
    yield _check_state_folder(settings)
    try:
        route = route_of(settings)
    except SettingsError as error:
        yield Check("way", CheckStatus.FAILED, str(error))
        return
    yield route.check()
    async for check in check_network(route, clock):
        yield check
        if check.status is CheckStatus.FAILED:
            return
    async for check in check_handshake(settings, route.tls, clock):
        yield check


def _check_versions() -> Check:
    python = ".".join(str(part) for part in sys.version_info[:3])
    text = f"spaces-worker {__version__}, protocol {PROTOCOL_VERSION}, Python {python}"
    return Check("version", CheckStatus.OK, text)


def _check_state_folder(settings: Settings) -> Check:
    """Check that results can be kept on disk, and count them."""
    folder = results_folder(settings.state_dir, settings.url, settings.worker_id)
    try:
        check_folder(folder)
        kept = count_results(folder)
    except OSError as error:
        advice = "Results are only kept in memory. Give a --state-dir that this user can write to."
        text = f"{settings.state_dir} cannot be written to ({error.strerror or error})."
        return Check("state folder", CheckStatus.WARNING, text, advice)
    waiting = f"undelivered results: {kept}" if kept else "no undelivered results"
    return Check("state folder", CheckStatus.OK, f"{settings.state_dir}, {waiting}")
