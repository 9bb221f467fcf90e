"""Processor time of a warm handler for one event, by how many requests run in the space."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, NamedTuple

from infra.local.cloud import CREDENTIALS

COUNTS: Final = (1, 64, 1_280)
_ROOT: Final = Path(__file__).parents[1]


class Warm(NamedTuple):
    """The least processor seconds of a handler's step, by how many requests run."""

    step: str
    seconds: dict[int, float]


def measure_warm(emulator_url: str) -> list[Warm]:
    """Return the time of each step, measured in a process of its own for each count."""
    with _posts_taken() as address:
        found = {count: _in_a_process(emulator_url, address, count) for count in COUNTS}
    return [
        Warm(step, {count: found[count][step] for count in COUNTS}) for step in found[COUNTS[0]]
    ]


def _in_a_process(emulator_url: str, address: str, count: int) -> dict[str, float]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(_ROOT / "functions"), str(_ROOT)]),
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": emulator_url,
        "AWS_ENDPOINT_URL_SCHEDULER": address,
        "SOCKET_ENDPOINT": address,
        **{f"{name.upper()}_TABLE": name for name in ("spaces", "connections", "requests")},
        **dict.fromkeys(("SCHEDULE_GROUP", "SWEEP_ARN", "SWEEP_ROLE_ARN"), "unused"),
    }
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-m", "benchmarks.warm_handlers", str(count)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{done.returncode}: {done.stderr}{done.stdout[-2000:]}")
    times: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return times


class _Posts(BaseHTTPRequestHandler):
    """Stands in for the @connections API and EventBridge Scheduler: takes everything."""

    def do_POST(self) -> None:
        """Take a message or a schedule."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = b'{"ScheduleArn": "arn:aws:scheduler:us-east-1:000000000000:schedule/x/y"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def _posts_taken() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Posts) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
