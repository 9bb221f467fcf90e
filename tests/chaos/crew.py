"""The worker processes of a run: started, killed, started again."""

import shutil
import subprocess
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from tests.chaos.dice import Tally
from tests.chaos.plan import QUEUE_TIMEOUT, SpacePlan
from tests.local_cloud import DeployedCloud

MODEL: Final = Path(__file__).with_name("model.py")
WARM_SECONDS: Final = 180
"""All functions start at once, and no more than ten at a time."""


@dataclass
class WorkerProgram:
    """A worker that may be killed and started again any number of times."""

    worker_id: str
    plan: SpacePlan
    arguments: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    dismissed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start it unless it runs or was dismissed."""
        with self.lock:
            if self.dismissed or (self.process is not None and self.process.poll() is None):
                return
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    self.arguments, env=self.environment, stdout=log, stderr=log
                )

    def kill(self) -> bool:
        """Kill it as ``kill -9`` does; tells whether it ran."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                return False
            self.process.kill()
            self.process.wait()
            return True


class Crew:
    """All workers of a run."""

    def __init__(self, tally: Tally) -> None:
        self.workers: list[WorkerProgram] = []
        self._tally = tally

    def hire(
        self, deployed: DeployedCloud, plan: SpacePlan, socket_port: int, folder: Path
    ) -> None:
        """Create a space and add its workers; they dial through the proxy."""
        space = deployed.create_space(
            plan.name,
            max_workers=plan.max_workers,
            timeout_seconds=plan.timeout,
            queue_timeout_seconds=QUEUE_TIMEOUT,
            # All submitters of a run have one address.
            anonymous_limits={"requests_per_minute": None, "max_waiting": None},
        )
        model = shutil.copy(MODEL, folder)  # as it was at the start of the run
        for number in range(1, plan.workers + 1):
            worker_id = f"{plan.name}-{number}"
            options = ("--worker-id", worker_id, "--concurrency", str(plan.concurrency))
            command = deployed.worker_command(
                space, "run", "--function", f"{model}:answer", *options
            )
            port = f":{deployed.cloud.port}/"
            arguments = [each.replace(port, f":{socket_port}/") for each in command.arguments]
            environment = {
                **command.environment,
                "CHAOS_RUNS": str(folder / "runs.jsonl"),
                "CHAOS_WORKER_ID": worker_id,
            }
            log = folder / f"{worker_id}.log"
            self.workers.append(WorkerProgram(worker_id, plan, arguments, environment, log))

    def start_all(self) -> None:
        """Start all that do not run."""
        for worker in self.workers:
            worker.start()

    def kill(self, worker: WorkerProgram) -> None:
        """Kill one, as a fault of the run."""
        if worker.kill():
            self._tally.note("worker process: killed with -9")

    def end(self) -> None:
        """End all; none starts again, whatever the storm still has in mind."""
        for worker in self.workers:
            worker.dismissed = True
            worker.kill()


def wait_for_workers(deployed: DeployedCloud, plans: Iterable[SpacePlan]) -> None:
    """Wait until every place is taken, so that the first faults meet a system that works."""
    deadline = time.monotonic() + WARM_SECONDS
    with httpx.Client(base_url=deployed.api_url, timeout=30, trust_env=False) as client:
        for plan in plans:
            while _workers_of(client, plan) < plan.max_workers:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"The workers of {plan.name} did not come.")
                time.sleep(0.5)


def _workers_of(client: httpx.Client, plan: SpacePlan) -> int:
    response = client.get(f"/v1/spaces/{plan.name}")
    return len(response.json()["workers"]) if response.is_success else 0
