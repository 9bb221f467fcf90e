"""Puts a service where systemd finds it, and starts it."""

import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_config_path

from spaces_worker._storage.private_files import open_private

_SYSTEM_UNITS: Final = Path("/etc/systemd/system")
_SYSTEM_SETTINGS: Final = Path("/etc/spaces-worker")
SYSTEM_STATE: Final = Path("/var/lib")
_ROOT: Final = "root"
LOOK_SECONDS: Final = 4.0
"""A program that ends at once has ended by then."""


@dataclass(frozen=True, slots=True)
class ServicePaths:
    """Where the files of one service go.

    Attributes:
        unit: the unit file.
        variables: the settings, the token among them.
        system: whether it is a service of the whole machine.
    """

    unit: Path
    variables: Path
    system: bool

    @property
    def name(self) -> str:
        """How systemctl calls it."""
        return self.unit.stem

    def systemctl(self, *arguments: str) -> list[str]:
        """Return a command that speaks to the right systemd."""
        return ["systemctl", *([] if self.system else ["--user"]), *arguments]


def paths_of(name: str, *, system: bool) -> ServicePaths:
    """Return where the files of a service of that name go."""
    if system:
        unit, folder = _SYSTEM_UNITS / f"{name}.service", _SYSTEM_SETTINGS
    else:
        unit = user_config_path() / "systemd" / "user" / f"{name}.service"
        folder = user_config_path("spaces-worker", appauthor=False)
    return ServicePaths(unit=unit, variables=folder / f"{name}.env", system=system)


def user_of(name: str | None, environ: Mapping[str, str]) -> str | None:
    """Return whom a service of the whole machine runs as; None is root.

    Args:
        name: what was asked for; by default it is who called sudo.
        environ: in which sudo says who that is.

    Raises:
        ValueError: this machine does not know that user.
    """
    chosen = name or environ.get("SUDO_USER") or _ROOT
    if sys.platform != "win32":
        import pwd  # noqa: PLC0415 - there is none on Windows, nor is there systemd

        try:
            pwd.getpwnam(chosen)
        except KeyError:
            raise ValueError(f"--user-name: there is no user {chosen!r}.") from None
    return None if chosen == _ROOT else chosen


def write_service(paths: ServicePaths, unit: str, variables: str) -> None:
    """Write both files; the one with the token is readable for its owner only.

    Raises:
        OSError: one of them cannot be written.
    """
    paths.variables.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = paths.variables.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with open(temporary, "x", encoding="utf-8", opener=open_private) as file:
        file.write(variables)
    temporary.replace(paths.variables)
    paths.unit.parent.mkdir(parents=True, exist_ok=True)
    paths.unit.write_text(unit, encoding="utf-8")


def start_service(paths: ServicePaths) -> str | None:
    """Start the service now and at each start; return what kept systemd from it."""
    if shutil.which("systemctl") is None:
        return "there is no systemctl"
    for arguments in (("daemon-reload",), ("enable", paths.name), ("restart", paths.name)):
        done = _run(paths.systemctl(*arguments))
        if done.returncode != 0:
            return (done.stderr or done.stdout).strip()
    return None


def state_of(paths: ServicePaths, after: float = LOOK_SECONDS) -> str:
    """Return what systemd says of a started service, such as ``active``, after some seconds."""
    time.sleep(after)
    return _run(paths.systemctl("is-active", paths.name)).stdout.strip() or "unknown"


def lingers(user: str) -> bool:
    """Whether the services of a user run while that user is not logged in."""
    if shutil.which("loginctl") is None:
        return False
    done = _run(["loginctl", "show-user", user, "--property=Linger", "--value"])
    return done.stdout.strip() == "yes"


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
