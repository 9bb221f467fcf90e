"""What is said of an installed service: whether it runs, as whom, since when, and what to do."""

import getpass
from pathlib import Path
from typing import Final

from spaces_worker._service.systemd import ServicePaths, lingers

RUNS: Final = "active"
"""What systemd says of a service that runs."""


def start_message(paths: ServicePaths, problem: str | None, state: str | None) -> str:
    """Return how the start went.

    Args:
        places: of the service.
        problem: what kept systemd from starting it.
        state: what systemd says of it some seconds later.
    """
    if problem is not None:
        start = " ".join(paths.systemctl("enable", "--now", paths.name))
        return f"Not started ({problem}). Start it: {start}"
    if state == RUNS:
        return "It runs."
    return f"It was started, and does not run ({state}): read its log; systemd tries again."


def hints(paths: ServicePaths, user: str | None, state_dir: Path) -> list[str]:
    """Return what to know of a service and what to do with it.

    Args:
        places: of the service.
        user: whom a service of the whole machine runs as; None is root.
        state_dir: where it keeps its answers and says what it does.
    """
    scope = "" if paths.system else "--user "
    remove = " ".join(paths.systemctl("disable", "--now", paths.name))
    return [
        f"Log:       journalctl {scope}--unit {paths.name} --follow",
        *(_of_the_machine(user, state_dir) if paths.system else _of_a_user()),
        f"Uninstall: {remove}; rm {paths.unit} {paths.variables}",
    ]


def _of_the_machine(user: str | None, state_dir: Path) -> list[str]:
    as_root = "root, who may do everything; --user-name names another"
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
        "Starts:    when you log in, and ends when you log out. With the machine, to stay:",
        f"           loginctl enable-linger {user}",
    ]
