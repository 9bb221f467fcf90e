"""The status file: addresses, spaces, people and processes of a local cloud."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil

from infra.local.cloud import LocalCloud


@dataclass(frozen=True, kw_only=True)
class ProcessMark:
    """Names a process beyond the reuse of its number.

    Attributes:
        pid: its number.
        started: when it started, in seconds since 1970, as the system tells it.
    """

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> Self:
        """Return the mark of a running process."""
        return cls(pid=pid, started=psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """Return the process; None if it has ended."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < 1
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


@dataclass(frozen=True, kw_only=True)
class LocalSpace:
    """A space that was created by the local command, with a token for its worker."""

    space: str
    worker_token: str


@dataclass(frozen=True, kw_only=True)
class LocalPerson:
    """Somebody who may sign in on the page; the account exists in this emulator only."""

    name: str
    password: str
    administrator: bool


@dataclass(frozen=True, kw_only=True)
class DemoWorker:
    """A worker that ``demo`` started."""

    space: str
    mark: ProcessMark


@dataclass(frozen=True, kw_only=True)
class Status:
    """What the status file says.

    Attributes:
        emulator: its process.
        emulator_url: its address.
        page_url: what to open in a browser.
        api_url: ``api_url + "/v1/spaces"`` answers.
        socket_url: what a worker dials.
        fingerprint: of the sources that are deployed; empty if the last deploy failed.
        spaces: in order of creation.
        people: in order of creation.
        workers: of ``demo``.
    """

    emulator: ProcessMark
    emulator_url: str
    page_url: str = ""
    api_url: str = ""
    socket_url: str = ""
    fingerprint: str = ""
    spaces: list[LocalSpace] = field(default_factory=list)
    people: list[LocalPerson] = field(default_factory=list)
    workers: list[DemoWorker] = field(default_factory=list)

    def space(self, name: str) -> LocalSpace | None:
        """Return the last entry of a space."""
        return next((space for space in reversed(self.spaces) if space.space == name), None)


def status_file(cloud: LocalCloud) -> Path:
    """Return where the status of a local cloud is."""
    return cloud.folder / "status.json"


def read_status(cloud: LocalCloud) -> Status | None:
    """Return the status of a local cloud; None if there is none, or none that can be read."""
    try:
        return _status(json.loads(status_file(cloud).read_text("utf-8")))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def write_status(cloud: LocalCloud, status: Status) -> None:
    """Replace the status file at once; it holds secrets, so only its owner may read it."""
    content = asdict(status)
    emulator = content.pop("emulator")
    text = json.dumps({**content, **emulator}, indent=2) + "\n"
    scratch = status_file(cloud).with_suffix(".new")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    scratch.replace(status_file(cloud))


def remove_status(cloud: LocalCloud) -> None:
    """Forget a local cloud."""
    status_file(cloud).unlink(missing_ok=True)


def _status(content: dict[str, Any]) -> Status:
    workers = [
        DemoWorker(space=worker["space"], mark=ProcessMark(**worker["mark"]))
        for worker in content["workers"]
    ]
    return Status(
        emulator=ProcessMark(pid=content["pid"], started=content["started"]),
        emulator_url=content["emulator_url"],
        page_url=content["page_url"],
        api_url=content["api_url"],
        socket_url=content["socket_url"],
        fingerprint=content["fingerprint"],
        spaces=[LocalSpace(**space) for space in content["spaces"]],
        people=[LocalPerson(**person) for person in content.get("people", [])],
        workers=workers,
    )
