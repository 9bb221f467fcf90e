"""The worker client's command, as the local cloud's spaces need it."""

import os
import sys
from typing import NamedTuple

from infra.local.cloud import LocalCloud
from infra.local.lifecycle import running_status
from infra.local.status import LocalSpace


class Command(NamedTuple):
    """A program to start, with its environment."""

    arguments: list[str]
    environment: dict[str, str]


def worker_command(cloud: LocalCloud, space: LocalSpace, *arguments: str) -> Command:
    """Return the command that links a worker to a space.

    Args:
        cloud: where the space is.
        space: with its token; it travels by the environment, because other users of the machine
            can read command lines.
        arguments: the client's command and options beyond address, token and space.

    Raises:
        LocalCloudError: the local cloud does not run.
    """
    return Command(
        [
            *(sys.executable, "-m", "spaces_worker", *arguments),
            *("--url", running_status(cloud).socket_url, "--spaces", space.space),
        ],
        {
            **os.environ,
            "SPACES_TOKEN": space.worker_token,
            "SPACES_STATE_DIR": str(cloud.folder / "workers"),
        },
    )
