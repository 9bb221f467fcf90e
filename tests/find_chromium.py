"""Finds a Chromium for the browser tests, or fetches one.

It takes the first that runs: the program that ``CHROMIUM`` names; an installed one, a headless
shell if there is one; Playwright's own download; the package of the distribution, where this
process may install packages. A headless shell needs a third less processor time than a whole
Chromium: ``HEADLESS_SHELL=1`` has its package installed, too, if that is allowed.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

REMEDY: Final = (
    "install Chromium (Debian, Ubuntu: apt-get install chromium fonts-dejavu-core),"
    " or name one: CHROMIUM=/path/to/chromium"
)
PROGRAMS: Final = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
PLACES: Final = (
    "/usr/bin",
    "/usr/local/bin",
    "/usr/lib/chromium",
    "/usr/lib/chromium-browser",
    "/usr/lib64/chromium-browser",
    "/opt/google/chrome",
    "/snap/bin",
)
APPLICATIONS: Final = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
SHELLS: Final = frozenset({"chrome-headless-shell", "headless_shell"})
"""What Playwright's versions call the program that they download."""

_APT = "apt-get -qq -o DPkg::Lock::Timeout=60"
PACKAGES: Final = {
    "apt-get": (
        f"{_APT} update",
        f"{_APT} install -y --no-install-recommends chromium fonts-dejavu-core",
    ),
    "dnf": (
        "dnf -q -y --setopt=install_weak_deps=False install chromium-headless dejavu-sans-fonts",
    ),
    "zypper": ("zypper -q -n install --no-recommends chromium dejavu-fonts",),
    "pacman": ("pacman -Sy --noconfirm --needed chromium ttf-dejavu",),
    "apk": ("apk add -q --no-cache chromium font-dejavu",),
}
SHELL_PACKAGE: Final = (
    f"{_APT} -o Acquire::Retries=0 -o Acquire::http::Timeout=10 update",
    f"{_APT} install -y --no-install-recommends chromium-headless-shell",
)
"""Debian's; nothing else is called so."""

CONNECT_SECONDS: Final = 5
DOWNLOAD_SECONDS: Final = 300
PACKAGE_SECONDS: Final = 600
SHELL_SECONDS: Final = 120
"""A Chromium is there already, so that it is not worth a longer wait."""


class NoChromiumError(Exception):
    """There is no Chromium, and none could be fetched; the text says what to do."""


@dataclass(frozen=True)
class Machine:
    """Where a Chromium may be, and what may fetch one.

    Attributes:
        places: folders to look into when ``PATH`` has none of the usual programs.
        playwright: the command line of Playwright.
        administrator: whether packages can be installed without ``sudo``.
        look_seconds: how long a program may take to say its version.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    places: tuple[str, ...] = PLACES
    applications: tuple[str, ...] = APPLICATIONS
    playwright: tuple[str, ...] = (sys.executable, "-m", "playwright")
    administrator: bool = os.geteuid() == 0
    look_seconds: float = 30

    def find(self) -> Path | None:
        """Return an installed Chromium that runs, if there is one.

        Raises:
            NoChromiumError: ``CHROMIUM`` names a program that does not run.
        """
        if chosen := self.environment.get("CHROMIUM"):
            if not self._runs(chosen):
                raise NoChromiumError(f"CHROMIUM={chosen} does not run: {REMEDY}")
            return Path(chosen)
        return next((Path(each) for each in self._candidates() if self._runs(each)), None)

    def find_whole(self) -> Path | None:
        """Return a Chromium that runs and is more than a headless shell, if there is one."""
        chosen = self.environment.get("CHROMIUM")
        candidates = (*((chosen,) if chosen else ()), *self._candidates())
        whole = (Path(each) for each in candidates if not is_shell(Path(each)))
        return next((each for each in whole if self._runs(str(each))), None)

    def fetch(self, tell: Callable[[str], None]) -> Path:
        """Return a Chromium that runs, and fetch one if there is none.

        Args:
            tell: is called with each step that takes time.

        Raises:
            NoChromiumError: there is none, and none could be fetched.
        """
        found = self.find() or self._fetch(tell)
        wanted = self.environment.get("HEADLESS_SHELL") == "1"
        if wanted and not self.environment.get("CHROMIUM") and not is_shell(found):
            return self._fetch_shell(tell) or found
        return found

    def _fetch(self, tell: Callable[[str], None]) -> Path:
        tell("There is no Chromium here: trying Playwright's download …")
        if self._download() and (found := self.find()):
            return found
        for manager, commands in PACKAGES.items():
            if not self._which(manager):
                continue
            if not self._may_install():
                break
            tell(f"Playwright's download does not work here: trying {manager} …")
            if self._install(commands) and (found := self.find()):
                return found
        raise NoChromiumError(f"Chromium is missing, and could not be fetched: {REMEDY}")

    def _fetch_shell(self, tell: Callable[[str], None]) -> Path | None:
        if not (self._which("apt-get") and self._may_install()):
            return None
        tell("Trying apt-get for a headless shell, which is quicker …")
        if not self._install(SHELL_PACKAGE, SHELL_SECONDS):
            tell("There is none: the tests run in the installed Chromium.")
        return self.find()

    def _candidates(self) -> Iterator[str]:
        paths = (self.environment.get("PATH", ""), os.pathsep.join(self.places))
        for path in paths:
            yield from filter(None, (shutil.which(each, path=path) for each in PROGRAMS))
        yield from (each for each in self.applications if Path(each).exists())
        yield from self._downloaded()

    def _downloaded(self) -> Iterator[str]:
        """Yield the program that Playwright has downloaded for this version of it."""
        plan = self._run((*self.playwright, "install", "--dry-run", "--only-shell", "chromium"))
        for line in (plan or "").splitlines():
            name, _, folder = line.strip().partition(":")
            if name == "Install location":
                files = Path(folder.strip()).rglob("*")
                yield from (str(file) for file in files if file.name in SHELLS and file.is_file())

    def _download(self) -> bool:
        command = (*self.playwright, "install", "--only-shell", "chromium")
        limit = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": str(CONNECT_SECONDS * 1000)}
        return self._run(command, DOWNLOAD_SECONDS, limit) is not None

    def _may_install(self) -> bool:
        return self.administrator or self._run(("sudo", "-n", "true")) is not None

    def _install(self, commands: tuple[str, ...], seconds: float = PACKAGE_SECONDS) -> bool:
        prefix = () if self.administrator else ("sudo", "-n")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        calls = ((*prefix, *command.split()) for command in commands)
        return all(self._run(call, seconds, quiet) is not None for call in calls)

    def _runs(self, program: str) -> bool:
        """Tell whether a program starts: some packages are only a hint at another package."""
        return self._run((program, "--version")) is not None

    def _which(self, program: str) -> str | None:
        return shutil.which(program, path=self.environment.get("PATH", ""))

    def _run(
        self,
        command: tuple[str, ...],
        seconds: float | None = None,
        more: Mapping[str, str] | None = None,
    ) -> str | None:
        """Return what a command prints, or nothing if it fails or takes too long."""
        try:
            process = subprocess.Popen(
                (self._which(command[0]) or command[0], *command[1:]),
                env={**self.environment, **(more or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,  # so that what it starts can be ended with it
            )
        except OSError:
            return None
        with process:
            try:
                printed, _ = process.communicate(timeout=seconds or self.look_seconds)
            except subprocess.TimeoutExpired:
                return None
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        return printed if process.returncode == 0 else None


def is_shell(program: Path) -> bool:
    """Tell by its name whether a program is a headless shell: Chromium without windows."""
    return "headless" in program.name


@cache
def chromium_path() -> Path:
    """Return the installed Chromium.

    Raises:
        NoChromiumError: there is none.
    """
    if found := Machine().find():
        return found
    raise NoChromiumError(f"The browser tests need Chromium: make test fetches it, or {REMEDY}")
