"""A run of mixed requests on a local cloud, of which everything is counted that AWS charges for."""

import json
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, NamedTuple

import httpx

from benchmarks.cost import models
from benchmarks.cost.callers import Callers, Kinds
from benchmarks.cost.counting_edge import CountingEdge, Tally
from infra.activity.activity import Activity
from infra.admin.activity_command import read_local_activity
from infra.admin.admin_client import create_secret
from infra.costs.estimate import estimate
from infra.local.cloud import LocalCloud
from infra.local.lifecycle import running_status
from infra.local.own_cloud import own_cloud
from infra.local.spaces import admin_of, create_space
from infra.local.strict_edge.running import serving
from infra.local.worker_command import worker_command

SHARES: Final = {
    "polled": 40,
    "waited": 15,
    "streamed": 20,
    "with a file": 5,
    "with a webhook": 10,
    "cancelled": 5,
    "failed": 5,
}
"""Per cent of all requests, by kind."""
CALLERS: Final = 4
_CAPACITY: Final = 8
_CONNECT_SECONDS: Final = 60
_UNLIMITED: Final = dict.fromkeys(("requests_per_minute", "max_waiting", "upload_bytes_per_day"))


class Run(NamedTuple):
    """What a run counted.

    Attributes:
        requests: how many of each kind.
        items: what was used, by the lower-case names of `Item`; runs of streams, which do not
            pass the edge, are not among them.
        estimated: what `infra.admin cost` says of it, likewise.
        seconds: how long it took.
        taken: when, and with what.
    """

    requests: dict[str, int]
    items: dict[str, float]
    estimated: dict[str, float]
    seconds: float
    taken: str


def run(number: int, activity: Path | None = None) -> Run:
    """Run mixed requests and return what was counted meanwhile.

    Args:
        number: how many requests.
        activity: where the figures of the run are written, as JSON; None for nowhere.
    """
    tally = Tally()
    with ExitStack() as stack:
        cloud, edge = stack.enter_context(_cloud(tally))
        key = _spaces(cloud)
        for space in ("plain", "text"):
            stack.enter_context(_worker(cloud, space))
        status = running_status(cloud)
        receiver = stack.enter_context(_receiver())
        kinds = Callers(status.api_url, status.stream_url, key, receiver).kinds()
        _warm_up(kinds)
        began, runs = time.monotonic(), edge.runs.total
        tally.capacity.reset()
        tally.items.clear()
        done = _submit(kinds, number)
        time.sleep(5)  # the last webhooks
        items = {
            **{name: float(count) for name, count in tally.items.items()},
            # DynamoDB charges for a write whose condition fails, too.
            "write_unit": tally.capacity.write + tally.items["lost_write"],
            "read_unit": tally.capacity.read,
            "run": edge.runs.total - runs + tally.items["run"],
        }
        seconds = time.monotonic() - began
        figures = read_local_activity(cloud, hours=seconds / 3600)
        if activity is not None:
            activity.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
        return Run(
            done, items, estimated_from(figures), round(seconds), f"{datetime.now(UTC):%Y-%m-%d}"
        )


def estimated_from(figures: Activity) -> dict[str, float]:
    """Return what `infra.admin cost` estimates from logs alone, by the names of `Item`."""
    amounts = estimate(figures, {}, {}).usage.amounts
    return {item.name.lower(): float(amount) for item, amount in amounts.items()}


def _submit(kinds: Kinds, number: int) -> dict[str, int]:
    wanted = [kind for kind, share in SHARES.items() for _ in range(number * share // 100)]
    random.Random(1).shuffle(wanted)  # noqa: S311 - not a secret
    done: Counter[str] = Counter()
    lock = threading.Lock()

    def one(kind: str) -> None:
        kinds[kind]()
        with lock:
            done[kind] += 1
            if done.total() % 100 == 0:
                print(f"{done.total()} of {len(wanted)}", flush=True)

    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(one, wanted))
    return dict(done)


def _warm_up(kinds: Kinds) -> None:
    """Do one of each, so that functions are warm and both spaces have a pace."""
    for _ in range(2):
        for act in kinds.values():
            act()


@contextmanager
def _cloud(tally: Tally) -> Iterator[tuple[LocalCloud, CountingEdge]]:
    edges: list[CountingEdge] = []
    with ExitStack() as stack:

        def start(served: LocalCloud, emulator_port: int) -> None:
            edges.append(CountingEdge(emulator_port, tally))
            stack.enter_context(serving(edges[0], served.port))

        with own_cloud(print, start) as cloud:
            yield cloud, edges[0]


def _spaces(cloud: LocalCloud) -> str:
    """Create both spaces and return a key of the first."""
    create_space(cloud, "plain", features=["prompt", "file"], max_workers=2)
    create_space(cloud, "text", max_workers=2)
    return str(create_secret(admin_of(cloud), "key", ["plain"], limits=_UNLIMITED)["key"])


@contextmanager
def _worker(cloud: LocalCloud, name: str) -> Iterator[None]:
    space = running_status(cloud).space(name)
    assert space is not None
    function = f"{Path(models.__file__)}:{name}"
    options = ("--function", function, "--concurrency", str(_CAPACITY), "--worker-id", name)
    command = worker_command(cloud, space, "run", *options)
    worker = subprocess.Popen(  # noqa: S603 - our own command
        command.arguments,
        env=command.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_connected(running_status(cloud).api_url, name)
        yield
    finally:
        worker.terminate()
        worker.wait()


def _wait_until_connected(api_url: str, space: str) -> None:
    url, until = f"{api_url}/v1/spaces/{space}", time.monotonic() + _CONNECT_SECONDS
    while not httpx.get(url, trust_env=False, timeout=_CONNECT_SECONDS).json()["connected"]:
        if time.monotonic() > until:
            raise TimeoutError(f"The worker of {space} does not connect.")
        time.sleep(0.5)


class _Accepting(BaseHTTPRequestHandler):
    """Takes every webhook."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _receiver() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Accepting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
