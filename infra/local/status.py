"""The status file: addresses, spaces, users and processes of a local cloud."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil

from infra.local.cloud import LocalCloud


@dataclass(frozen=True, kw_only=True)
class ProcessMark:
    """Identifies a process even if its id is reused.

    Attributes:
        pid: the process id.
        started: its start time in seconds since 1970, as the system reports it.
    """

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> Self:
        """Return the mark of a running process."""
        return cls(pid=pid, started=psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """Return the process, or None if it has ended."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < 1
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


@dataclass(frozen=True, kw_only=True)
class LocalSpace:
    """A space that the local command created, with a worker token."""

    space: str
    worker_token: str


@dataclass(frozen=True, kw_only=True)
class LocalPerson:
    """A user who can sign in on the page. The account exists only in this emulator."""

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
    """The contents of the status file.

    Attributes:
        emulator: the emulator's process.
        edge: the process of the strict edge; None without one.
        front: the process of the stream front; None before the first deployment.
        door: the process of the door to the local network; None if it is closed.
        lan_url: the page's URL through the door; empty if it is closed.
        stream_port: the port of the stream front.
        emulator_url: the emulator's URL, or that of the edge in front of it.
        page_url: the page's URL.
        api_url: the base URL of the REST API, without ``/v1``.
        socket_url: the WebSocket URL for workers.
        stream_url: the base URL of streamed requests.
        openai_url: the base URL for programs that speak the OpenAI API.
        mcp_url: the address for programs that speak MCP.
        fingerprint: digest of the deployed sources; empty if the last deployment failed.
        spaces: spaces in order of creation.
        people: users in order of creation.
        workers: workers that ``demo`` started.
    """

    emulator: ProcessMark
    emulator_url: str
    edge: ProcessMark | None = None
    front: ProcessMark | None = None
    door: ProcessMark | None = None
    lan_url: str = ""
    stream_port: int = 0
    page_url: str = ""
    api_url: str = ""
    socket_url: str = ""
    stream_url: str = ""
    openai_url: str = ""
    mcp_url: str = ""
    fingerprint: str = ""
    spaces: list[LocalSpace] = field(default_factory=list)
    people: list[LocalPerson] = field(default_factory=list)
    workers: list[DemoWorker] = field(default_factory=list)

    def space(self, name: str) -> LocalSpace | None:
        """Return the last entry of a space."""
        return next((space for space in reversed(self.spaces) if space.space == name), None)


def status_file(cloud: LocalCloud) -> Path:
    """Return the status file of a local cloud."""
    return cloud.folder / "status.json"


def read_status(cloud: LocalCloud) -> Status | None:
    """Return the status of a local cloud, or None if there is no readable status file."""
    try:
        return _status(json.loads(status_file(cloud).read_text("utf-8")))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def write_status(cloud: LocalCloud, status: Status) -> None:
    """Replace the status file atomically. It contains secrets, so only its owner can read it."""
    content = asdict(status)
    emulator = content.pop("emulator")
    text = json.dumps({**content, **emulator}, indent=2) + "\n"
    scratch = status_file(cloud).with_suffix(".new")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    scratch.replace(status_file(cloud))


def remove_status(cloud: LocalCloud) -> None:
    """Delete the status file of a local cloud."""
    status_file(cloud).unlink(missing_ok=True)


def _status(content: dict[str, Any]) -> Status:
    workers = [
        DemoWorker(space=worker["space"], mark=ProcessMark(**worker["mark"]))
        for worker in content["workers"]
    ]
    return Status(
        emulator=ProcessMark(pid=content["pid"], started=content["started"]),
        edge=ProcessMark(**edge) if (edge := content.get("edge")) else None,
        front=ProcessMark(**front) if (front := content.get("front")) else None,
        door=ProcessMark(**door) if (door := content.get("door")) else None,
        lan_url=content.get("lan_url", ""),
        stream_port=content.get("stream_port", 0),
        emulator_url=content["emulator_url"],
        page_url=content["page_url"],
        api_url=content["api_url"],
        socket_url=content["socket_url"],
        stream_url=content.get("stream_url", ""),
        openai_url=content.get("openai_url", ""),
        mcp_url=content.get("mcp_url", ""),
        fingerprint=content["fingerprint"],
        spaces=[LocalSpace(**space) for space in content["spaces"]],
        people=[LocalPerson(**person) for person in content.get("people", [])],
        workers=workers,
    )
