"""Installs a systemd service and starts it."""

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
"""By then, a program that fails at once has failed."""


@dataclass(frozen=True, slots=True)
class ServicePaths:
    """Where the files of one service go.

    Attributes:
        unit: the unit file.
        variables: the settings, including the token.
        system: whether it is a service for the whole machine.
    """

    unit: Path
    variables: Path
    system: bool

    @property
    def name(self) -> str:
        """The name that systemctl uses."""
        return self.unit.stem

    def systemctl(self, *arguments: str) -> list[str]:
        """Return a command for the system's or the user's systemd."""
        return ["systemctl", *([] if self.system else ["--user"]), *arguments]


def paths_of(name: str, *, system: bool) -> ServicePaths:
    """Return the paths of a service's files."""
    if system:
        unit, folder = _SYSTEM_UNITS / f"{name}.service", _SYSTEM_SETTINGS
    else:
        unit = user_config_path() / "systemd" / "user" / f"{name}.service"
        folder = user_config_path("spaces-worker", appauthor=False)
    return ServicePaths(unit=unit, variables=folder / f"{name}.env", system=system)


def user_of(name: str | None, environ: Mapping[str, str]) -> str | None:
    """Return the user that a system service runs as; None is root.

    Args:
        name: the chosen user; by default the user who called sudo.
        environ: in which sudo names that user.

    Raises:
        ValueError: there is no such user on this machine.
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
    """Write both files; only its owner can read the one with the token.

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
    """Start the service, now and at each boot; return why systemd could not."""
    if shutil.which("systemctl") is None:
        return "systemctl not found"
    for arguments in (("daemon-reload",), ("enable", paths.name), ("restart", paths.name)):
        done = _run(paths.systemctl(*arguments))
        if done.returncode != 0:
            return (done.stderr or done.stdout).strip()
    return None


def state_of(paths: ServicePaths, after: float = LOOK_SECONDS) -> str:
    """Return the state of a started service, such as ``active``, after some seconds."""
    time.sleep(after)
    return _run(paths.systemctl("is-active", paths.name)).stdout.strip() or "unknown"


def lingers(user: str) -> bool:
    """Whether a user's services run while the user is not logged in."""
    if shutil.which("loginctl") is None:
        return False
    done = _run(["loginctl", "show-user", user, "--property=Linger", "--value"])
    return done.stdout.strip() == "yes"


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
