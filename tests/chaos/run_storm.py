"""One run: a cloud, spaces, workers and submitters, a storm of faults, calm, and the count."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.cloud import LocalCloud
from tests.chaos.crew import Crew, wait_for_workers
from tests.chaos.dice import Tally
from tests.chaos.functions import Functions
from tests.chaos.ledger import GRACE
from tests.chaos.network import Network
from tests.chaos.plan import QUEUE_TIMEOUT, SPACES, make_wishes
from tests.chaos.report import console, print_verdict
from tests.chaos.storm import Storm
from tests.chaos.submitters import Submitters
from tests.chaos.tables import Tables
from tests.chaos.verdict import judge, read_runs
from tests.local_cloud import DeployedCloud

CALM_SECONDS: Final = QUEUE_TIMEOUT + max(plan.timeout for plan in SPACES) + GRACE
"""What the time-outs allow after the last fault; it takes less."""
READ_SECONDS: Final = 60
LOOK_SECONDS: Final = 2.0
TELL_SECONDS: Final = 15.0


@dataclass(frozen=True)
class Size:
    """How large a run is.

    Attributes:
        seconds: how long requests are submitted and faults happen.
        lie: whether DynamoDB also confirms writes that it does not make.
    """

    requests: int
    seconds: float
    seed: int
    lie: bool = False


def run_storm(cloud: LocalCloud, net: Network, size: Size, folder: Path) -> bool:
    """Run it on a local cloud that is up; returns whether the promise was kept."""
    functions = Functions(cloud, size.seed, net.tally)
    net.faults.kill_caller = functions.kill_caller
    crew = Crew(net.tally)
    if size.lie:
        net.faults.lie()
    try:
        _open_spaces(DeployedCloud(cloud), crew, net, folder)
        return _run(cloud, size, folder, _Cast(functions, net, crew))
    finally:
        crew.end()


@dataclass(frozen=True)
class _Cast:
    functions: Functions
    network: Network
    crew: Crew


def _open_spaces(deployed: DeployedCloud, crew: Crew, net: Network, folder: Path) -> None:
    for plan in SPACES:
        crew.hire(deployed, plan, net.socket_port, folder)
    crew.start_all()
    wait_for_workers(deployed, SPACES)


def _run(cloud: LocalCloud, size: Size, folder: Path, cast: _Cast) -> bool:
    people = Tally()
    submitters = Submitters(DeployedCloud(cloud).api_url, people, size.seed)
    storm = Storm(cast.network, cast.functions, cast.crew, size.seed)
    began = time.monotonic()
    submitters.begin(make_wishes(size.requests, size.seconds, size.seed), f"seed {size.seed}")
    storm.begin(size.seconds)
    try:
        _watch("storm", size.seconds, submitters, lambda: False)
    finally:
        storm.end()
    tables = Tables(cloud)
    _watch("calm", CALM_SECONDS, submitters, lambda: submitters.decided and _all_ended(tables))
    seconds = time.monotonic() - began
    for _ in range(2):
        submitters.read_again()
        _watch("reading", READ_SECONDS, submitters, lambda: submitters.idle)
    submitters.end()
    runs = read_runs(folder / "runs.jsonl")
    verdict = judge(submitters.entries, tables.requests(), tables.queues(), runs)
    net = cast.network
    print_verdict(verdict, people.counts(), net.tally.counts(), net.rules.met, seconds)
    return verdict.good


def _all_ended(tables: Tables) -> bool:
    return all(each.ended_at for each in tables.requests())


def _watch(phase: str, seconds: float, submitters: Submitters, done: Callable[[], bool]) -> None:
    """Wait until it is done, or that many seconds, and say now and then how far it is."""
    began = told = time.monotonic()
    while time.monotonic() < began + seconds and not done():
        time.sleep(LOOK_SECONDS)
        if time.monotonic() > told + TELL_SECONDS:
            told = time.monotonic()
            console.print(f"{phase:8} {told - began:4.0f} s  {submitters.progress()}")
