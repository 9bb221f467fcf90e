"""Compare with other designs and write PEERS.md: ``python -m benchmarks.peers [--port PORT]``."""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.clouds import cloud_on
from benchmarks.echo import echo_url
from benchmarks.peers.contenders import CELERY_AOF, CELERY_LATE, peers, running
from benchmarks.peers.gateway import ECHO, SPACES, bound_functions, echo, gateway
from benchmarks.peers.kill_test import Verdict, Victim, kill_all
from benchmarks.peers.report import Results, write_report
from benchmarks.peers.timing import Timings, time_all
from infra.local.cloud import LocalCloud

CALLERS: Final = (1, 20, 100)
ROUNDS: Final = 1
REQUESTS: Final = 200


def main() -> None:
    """Time all contenders in turn, then kill the worker of each, then the server of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, help="port of a local cloud that runs")
    parser.add_argument("--callers", type=int, nargs="+", default=CALLERS, help="at a time")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds that are timed")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="in flight at a kill")
    options = parser.parse_args()
    with ExitStack() as stack:
        cloud = stack.enter_context(cloud_on(options.port))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bound_functions(cloud)
        timings = _timed(cloud, folder / "timed", options)
        load = os.getloadavg()[1]
        workers = _killed(cloud, folder / "workers", "worker", options.requests)
        servers = _killed(cloud, folder / "servers", "server", options.requests)
    write_report(Results(timings, workers, servers, options.rounds, options.requests, load))


def _timed(cloud: LocalCloud, folder: Path, options: argparse.Namespace) -> Timings:
    folder.mkdir()
    others = peers(folder)
    for name in (CELERY_LATE, CELERY_AOF):  # as quick as Celery without
        others.pop(name, None)
    with ExitStack() as stack:
        url = stack.enter_context(echo_url(cloud))
        contenders = {ECHO: echo(url), SPACES: gateway(cloud, folder), **others}
        started = {
            name: (contender, stack.enter_context(running(contender)))
            for name, contender in contenders.items()
        }
        return time_all(started, options.callers, options.rounds, _say)


def _killed(cloud: LocalCloud, folder: Path, victim: Victim, requests: int) -> dict[str, Verdict]:
    folder.mkdir()
    contenders = {
        SPACES: gateway(cloud, folder, noted=True),
        **peers(folder, noted=True),
    }
    return kill_all(contenders, victim, requests, _say)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
