"""The command that connects a worker to a space of the local cloud."""

import os
import sys
from typing import NamedTuple

from infra.local.cloud import LocalCloud
from infra.local.lifecycle import deployed_status
from infra.local.status import LocalSpace


class Command(NamedTuple):
    """A command line and its environment."""

    arguments: list[str]
    environment: dict[str, str]


def worker_command(cloud: LocalCloud, space: LocalSpace, *arguments: str) -> Command:
    """Return the command that connects a worker to a space.

    Args:
        cloud: the local cloud.
        space: the space. Its token goes into the environment, because other users of the machine
            can read command lines.
        arguments: the client's subcommand and options other than URL, token and space.

    Raises:
        LocalCloudError: the local cloud is not running, or not deployed yet.
    """
    return Command(
        [
            *(sys.executable, "-m", "spaces_worker", *arguments),
            *("--url", deployed_status(cloud).socket_url, "--spaces", space.space),
        ],
        {
            **os.environ,
            "SPACES_TOKEN": space.worker_token,
            "SPACES_STATE_DIR": str(cloud.folder / "workers"),
        },
    )
