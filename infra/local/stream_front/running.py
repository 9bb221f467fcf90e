"""Starts the front of a local cloud as a process."""

import socket
from typing import Final

from infra.local.cloud import LocalCloud
from infra.local.emulator import free_port, start_helper
from infra.local.status import ProcessMark

_SECONDS: Final = 30


def choose_port(cloud: LocalCloud) -> int:
    """Return a port for the front: the one after the cloud's own, if it is free."""
    return free_port() if _is_taken(cloud.port + 1) else cloud.port + 1


def start_front(cloud: LocalCloud, port: int) -> ProcessMark:
    """Start the front of a deployed local cloud, and wait until it listens.

    Raises:
        LocalCloudError: it does not start.
    """
    return start_helper(
        ["-m", "infra.local.stream_front", str(port), str(cloud.port), str(cloud.folder)],
        cloud.folder / "stream_front.log",
        lambda: _is_taken(port),
        name="The front of streams",
        seconds=_SECONDS,
    )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
