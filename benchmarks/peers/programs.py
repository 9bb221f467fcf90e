"""Processes of the contenders: started, awaited, killed, started again."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

from infra.project import BUILD_FOLDER

PEERS_PYTHON: Final = BUILD_FOLDER / "peers" / "bin" / "python"
"""Python of the environment that `make install-peers` fills."""
SCRIPTS: Final = Path(__file__).with_name("scripts")
_START_SECONDS: Final = 90
_ENVIRONMENT: Final = {
    **os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "NO_PROXY": "*",
}  # fmt: skip


@dataclass
class Program:
    """A process that can be killed and started again.

    Attributes:
        arguments: its command line.
        port: where it listens; None if it does not.
        environment: what it gets besides this process's environment.
        log: where its output goes; None drops it.
    """

    arguments: Sequence[str]
    port: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    process: subprocess.Popen[Any] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it, and wait until it listens.

        Raises:
            TimeoutError: it does not listen.
        """
        with (self.log or Path(os.devnull)).open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                list(self.arguments), env={**_ENVIRONMENT, **self.environment}, cwd=SCRIPTS,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        if self.port is not None:
            _wait_for(self.port)

    def kill(self) -> None:
        """Kill it and its descendants as ``kill -9`` does, unless it has ended."""
        if self.process is None:
            return
        for each in (*family(self.process.pid)[1:], self.process):
            try:
                each.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait()


class CallerProcess:
    """A process of callers, steered by lines of JSON; see ``scripts/calling.py``."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own commands
            list(arguments), env={**_ENVIRONMENT, **environment}, cwd=SCRIPTS, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def expect_ready(self) -> None:
        """Wait until it is connected."""
        line = self._line()
        if line != "ready":
            raise RuntimeError(f"{self._process.args!r} did not start: {line!r}")

    def time(self, callers: int, seconds: float, lasts: float) -> dict[str, Any]:
        """Let callers call a model that takes some seconds, for a while and once at least.

        Returns:
            How long each call waited, and how long it all took, in seconds.
        """
        self.send({"do": "time", "callers": callers, "seconds": seconds, "lasts": lasts})
        return self.read()

    def call(self, seconds: float) -> float:
        """Call a model that takes this long; return the seconds that the caller waited."""
        (waited,) = self.time(1, seconds, 0)["waited"]
        return float(waited)

    def send(self, order: Mapping[str, object]) -> None:
        """Give an order."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def read(self) -> dict[str, Any]:
        """Return what it says next."""
        line = self._line()
        if not line:
            raise RuntimeError(f"{self._process.args!r} has ended.")
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def family(pid: int) -> list[psutil.Process]:
    """Return a process and its descendants; empty if it has ended."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _wait_for(port: int) -> None:
    for _ in range(_START_SECONDS * 5):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"Nothing listens on port {port}.")
