"""Other designs on loopback, run from an environment of their own (``make install-peers``)."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from infra.local.emulator import free_port
from infra.project import BUILD_FOLDER

PYTHON: Final = BUILD_FOLDER / "peers" / "bin" / "python"
_SCRIPTS: Final = Path(__file__).parents[1] / "peers"
_ENVIRONMENT: Final = {
    **os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "NO_PROXY": "*",
}  # fmt: skip
_START_SECONDS: Final = 90


class Caller:
    """A process that calls a model on request and reports how long each call took."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def call(self, seconds: float) -> float:
        """Call a model that takes this long; return the seconds that the caller waited."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        return float(self._line())

    def expect_ready(self) -> None:
        """Wait until it is connected."""
        line = self._line()
        assert line == "ready", line

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def peers() -> Iterator[dict[str, Caller]]:
    """Start Gradio and the Flask-SocketIO design, each with its caller."""
    with ExitStack() as stack:

        def start(script: str, port: int) -> subprocess.Popen[str]:
            process = subprocess.Popen(  # noqa: S603 - our own scripts
                [str(PYTHON), str(_SCRIPTS / script), str(port)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_ENVIRONMENT,
            )  # fmt: skip
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        def serve(*scripts: str) -> Caller:
            port = free_port()
            *servers, caller = scripts
            for script in servers:
                start(script, port)
                _wait_for(port)
            found = Caller(start(caller, port))
            found.expect_ready()
            return found

        yield {
            "Gradio": serve("gradio_app.py", "gradio_caller.py"),
            "Flask-SocketIO": serve(
                "socketio_relay.py", "socketio_worker.py", "socketio_caller.py"
            ),
        }


def _wait_for(port: int) -> None:
    for _ in range(_START_SECONDS * 5):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"Nothing listens on port {port}.")
