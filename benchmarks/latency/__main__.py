"""Time each way to wait and write LATENCY.md: ``python -m benchmarks.latency [--port PORT]``."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

import psutil

from benchmarks.clouds import cloud_on
from benchmarks.latency import model
from benchmarks.latency.table import latency_table
from benchmarks.latency.ways import Gateway, Timings
from benchmarks.peers.contenders import GRADIO, SOCKETIO, peers_in_memory, running
from infra.local.cloud import LocalCloud
from infra.local.lifecycle import running_status
from infra.local.spaces import create_space
from infra.local.worker_command import worker_command

RESULT: Final = Path(__file__).parents[1] / "LATENCY.md"
MODELS: Final = {"instant": 0.0, "one second": 1.0}
CALLS: Final = 30
WARM_UP: Final = 3
Way = Callable[[], Timings]
EXPLAINED: Final = """\
- *Asked at once* asks for the result again and again without a pause. It is the fastest that a \
caller can know of a result, not a way to use.
- The gateway runs in the local cloud: an emulator on the same cores stands in for API Gateway, \
Lambda and DynamoDB. The time that it takes does not exist on AWS. The round trips over the \
network and the cold starts that AWS has are not in these figures.
- Gradio and the Flask-SocketIO design keep their queue in the memory of one process on loopback. \
They have no authentication, no stored requests, and lose their queue with the process.
"""


def main() -> None:
    """Run all ways in turn, so that what else the machine does falls on all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, help="port of a local cloud that runs")
    parser.add_argument("--calls", type=int, default=CALLS, help="calls by each way")
    options = parser.parse_args()
    with ExitStack() as stack:
        cloud = stack.enter_context(cloud_on(options.port))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        contenders = peers_in_memory(folder)
        others = {
            name: stack.enter_context(running(contenders[name])) for name in (GRADIO, SOCKETIO)
        }
        tables = []
        for name, seconds in MODELS.items():
            gateway = stack.enter_context(_gateway(cloud, seconds))
            ways: list[Way] = [
                gateway.poll_as_told,
                gateway.prefer_to_wait,
                gateway.ask_at_once,
                gateway.stream,
                *(_peer(other, caller.call, seconds) for other, caller in others.items()),
            ]
            tables.append(latency_table(name, _timed(ways, options.calls)))
    RESULT.write_text(_head(options.calls) + "\n".join(tables), encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


def _timed(ways: list[Way], calls: int) -> dict[str, list[float]]:
    found = defaultdict(list)
    for number in range(WARM_UP + calls):
        print(f"{number + 1} of {WARM_UP + calls}", flush=True)
        for way in ways:
            for name, seconds in way().items():
                if number >= WARM_UP:
                    found[name].append(seconds)
    return found


def _peer(name: str, call: Callable[[float], float], seconds: float) -> Way:
    return lambda: {name: call(seconds)}


@contextmanager
def _gateway(cloud: LocalCloud, seconds: float) -> Iterator[Gateway]:
    space = create_space(cloud, f"latency-{token_hex(3)}")
    status = running_status(cloud)
    function = f"{Path(model.__file__)}:answer"
    command = worker_command(cloud, space, "run", "--function", function)
    environment = {**command.environment, "MODEL_SECONDS": str(seconds)}
    worker = subprocess.Popen(  # noqa: S603 - our own command
        command.arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield Gateway(status.api_url, status.openai_url, space.space)
    finally:
        worker.terminate()
        worker.wait()


def _head(calls: int) -> str:
    return f"""# Latency

Written by `make bench-latency` on {datetime.now(UTC):%Y-%m-%d}: {calls} calls by each way, all \
ways in turn, one caller, one worker, everything on one machine of {psutil.cpu_count()} cores \
(load average {os.getloadavg()[1]:.0f}). Compare ratios: other work falls on all ways alike.

{EXPLAINED}
"""


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
