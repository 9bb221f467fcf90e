"""What install-service reports: whether the service runs, as which user, and what to do."""

import getpass
from pathlib import Path
from typing import Final

from spaces_worker._service.systemd import ServicePaths, lingers

RUNS: Final = "active"
"""The state that systemd reports for a running service."""


def start_message(paths: ServicePaths, problem: str | None, state: str | None) -> str:
    """Return whether the service started.

    Args:
        places: of the service.
        problem: what kept systemd from starting it.
        state: what systemd says of it some seconds later.
    """
    if problem is not None:
        start = " ".join(paths.systemctl("enable", "--now", paths.name))
        return f"Not started ({problem}). Start it: {start}"
    if state == RUNS:
        return "The service is running."
    return f"The service started but is not running ({state}). Check the log; systemd will retry."


def hints(paths: ServicePaths, user: str | None, state_dir: Path) -> list[str]:
    """Return how to look after the service.

    Args:
        places: of the service.
        user: as which a system service runs; None is root.
        state_dir: where it keeps its results and status.
    """
    scope = "" if paths.system else "--user "
    remove = " ".join(paths.systemctl("disable", "--now", paths.name))
    return [
        f"Log:       journalctl {scope}--unit {paths.name} --follow",
        *(_of_the_machine(user, state_dir) if paths.system else _of_a_user()),
        f"Uninstall: {remove}; rm {paths.unit} {paths.variables}",
    ]


def _of_the_machine(user: str | None, state_dir: Path) -> list[str]:
    as_root = "root, with all its rights; choose another user with --user-name"
    return [
        f"Status:    sudo spaces-worker status --state-dir {state_dir}",
        f"Runs as:   {user or as_root}",
        "Starts:    with the machine",
    ]


def _of_a_user() -> list[str]:
    user = getpass.getuser()
    if lingers(user):
        return ["Starts:    with the machine"]
    return [
        "Starts:    when you log in, and stops when you log out. To start it with the machine:",
        f"           loginctl enable-linger {user}",
    ]
