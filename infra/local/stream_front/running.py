"""Starts the front of a local cloud as a process."""

import socket
import subprocess
import sys
import time
from typing import Final

from infra.local.cloud import LocalCloud
from infra.local.emulator import LocalCloudError, free_port, keep_child
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
    path = cloud.folder / "stream_front.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "infra.local.stream_front"),
                *(str(port), str(cloud.port), str(cloud.folder)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C goes to the foreground command, which then stops this process.
            start_new_session=True,
        )
    keep_child(process)
    deadline = time.monotonic() + _SECONDS
    while not _is_taken(port):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise LocalCloudError(f"The front of streams did not start. Its log: {path}")
        time.sleep(0.1)
    return ProcessMark.of(process.pid)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
