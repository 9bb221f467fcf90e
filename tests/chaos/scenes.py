"""Single mishaps, one a space, side by side: what each costs its request, measured."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from infra.local.cloud import LocalCloud
from tests.chaos.crew import Crew, wait_for_workers
from tests.chaos.dice import Tally
from tests.chaos.network import Network, network
from tests.chaos.plan import SpacePlan
from tests.chaos.report import console
from tests.chaos.verdict import Run, read_runs
from tests.local_cloud import DeployedCloud

FOREVER: Final = 600.0
PATIENCE: Final = 240.0
Mishap = Callable[["Stage", str], None]


@dataclass
class Stage:
    """What a mishap may act on."""

    network: Network
    crew: Crew
    actions: list[str] = field(default_factory=list)

    def kill(self, worker_id: str) -> None:
        """Kill a worker process as ``kill -9`` does."""
        self.crew.kill(next(w for w in self.crew.workers if w.worker_id == worker_id))


@dataclass(frozen=True)
class Scene:
    """One request, what happens to its worker, and what must come of it.

    Attributes:
        title: what it shows.
        work: seconds that the model works.
        at: seconds from the first run's begin to the mishap.
        expected: status, attempt, number of runs.
    """

    title: str
    plan: SpacePlan
    work: float
    expected: tuple[str, int, int]
    at: float = 0.0
    mishap: Mishap | None = None


def _pull(seconds: float) -> Mishap:
    def pull(stage: Stage, worker_id: str) -> None:
        stage.network.do(stage.network.sockets.freeze(worker_id, seconds))

    return pull


def _pull_for_good(stage: Stage, worker_id: str) -> None:
    stage.network.do(stage.network.sockets.pull_out(worker_id))


def _lose_the_link(stage: Stage, worker_id: str) -> None:
    stage.network.do(stage.network.sockets.swallow(worker_id, FOREVER, 0))


def _plan(name: str, timeout: float = 120, places: int = 1, workers: int = 1) -> SpacePlan:
    return SpacePlan(name, share=0, timeout=timeout, max_workers=places, workers=workers)


SCENES: Final = (
    Scene(
        "pulled from the network for 30 s, 20 s into 60 s of work: not run again",
        _plan("pulled"),
        work=60,
        at=20,
        mishap=_pull(30),
        expected=("COMPLETED", 1, 1),
    ),
    Scene(
        "pulled for good, 10 s into 20 s of work; two places: the other worker runs it",
        _plan("pulled-for-good", places=2, workers=2),
        work=20,
        at=10,
        mishap=_pull_for_good,
        expected=("COMPLETED", 2, 2),
    ),
    Scene(
        "link dead without a word, 10 s into 60 s of work; the worker dials anew: not run again",
        _plan("dead-link"),
        work=60,
        at=10,
        mishap=_lose_the_link,
        expected=("COMPLETED", 1, 1),
    ),
    Scene(
        "killed, 10 s into 20 s of work; one place: the next worker gets it and runs it",
        _plan("killed", workers=2),
        work=20,
        at=10,
        mishap=Stage.kill,
        expected=("COMPLETED", 2, 2),
    ),
    Scene(
        "runs past a timeout of 20 s: stopped at the worker",
        _plan("past-20", timeout=20),
        work=90,
        expected=("TIMED_OUT", 1, 1),
    ),
    Scene(
        "runs past the ordinary 120 s: stopped at the worker",
        _plan("past-120"),
        work=200,
        expected=("TIMED_OUT", 1, 1),
    ),
)


def play_scenes(cloud: LocalCloud, folder: Path) -> bool:
    """Play all scenes at once; returns whether each came out as expected."""
    tally = Tally()
    with network(cloud.port, 1, tally, lambda _: False) as net:
        stage = Stage(net, Crew(tally))
        deployed = DeployedCloud(cloud)
        try:
            for scene in SCENES:
                space = deployed.create_space(
                    scene.plan.name,
                    max_workers=scene.plan.max_workers,
                    timeout_seconds=scene.plan.timeout,
                )
                stage.crew.hire(deployed, scene.plan, space, net.socket_port, folder)
            stage.crew.start_all()
            wait_for_workers(deployed, [scene.plan for scene in SCENES])
            plays = [_Play(scene, stage, deployed, folder) for scene in SCENES]
            with ThreadPoolExecutor(len(plays)) as pool:
                outcomes = list(pool.map(_Play.run, plays))
            return all(outcomes)
        finally:
            stage.crew.end()


class _Play:
    """One scene under way."""

    def __init__(self, scene: Scene, stage: Stage, deployed: DeployedCloud, folder: Path) -> None:
        self._scene = scene
        self._stage = stage
        self._api_url = deployed.api_url
        self._runs_file = folder / "runs.jsonl"
        self._seen: list[str] = []
        self._began = time.time()
        self._mishap_at: float | None = None

    def run(self) -> bool:
        with httpx.Client(base_url=self._api_url, timeout=30, trust_env=False) as client:
            path = f"/v1/spaces/{self._scene.plan.name}/requests"
            prompt = f'{{"name": "{self._scene.plan.name}", "seconds": {self._scene.work}}}'
            accepted = client.post(path, json={"input": {"prompt": prompt}}).json()
            result = self._follow(client, accepted)
        time.sleep(3)  # a run that goes on would still be noted
        return self._tell(result, self._runs(accepted["request_id"]))

    def _follow(self, client: httpx.Client, accepted: dict[str, Any]) -> dict[str, Any]:
        """Poll as told, note what is shown, and let the mishap happen in its time."""
        due = time.time() + accepted["retry_after_ms"] / 1000
        while time.time() < self._began + PATIENCE:
            self._perhaps_strike(accepted["request_id"])
            if time.time() >= due:
                status = client.get(accepted["status_url"]).json()
                self._note(status)
                if status["retry_after_ms"] is None:
                    break
                due = time.time() + status["retry_after_ms"] / 1000
            time.sleep(0.2)
        result: dict[str, Any] = client.get(accepted["response_url"]).json()
        return result

    def _perhaps_strike(self, request_id: str) -> None:
        if self._scene.mishap is None or self._mishap_at is not None:
            return
        runs = self._runs(request_id)
        if runs and time.time() >= runs[0]["began"] + self._scene.at:
            self._mishap_at = time.time()
            self._scene.mishap(self._stage, runs[0]["worker_id"])

    def _runs(self, request_id: str) -> list[Run]:
        return [run for run in read_runs(self._runs_file) if run["request_id"] == request_id]

    def _note(self, status: dict[str, Any]) -> None:
        shown = " ".join(
            str(status[name])
            for name in ("status", "queue_reason", "attempt", "worker_id", "error_type")
            if status.get(name) is not None
        )
        if not self._seen or not self._seen[-1].endswith(f": {shown}"):
            self._seen.append(f"{time.time() - self._began:5.1f} s: {shown}")

    def _tell(self, result: dict[str, Any], runs: list[Run]) -> bool:
        began = [run for run in runs if "ended" not in run]
        got = (result["status"], result.get("attempt"), len(began))
        good = got == self._scene.expected
        lines = [f"{'as expected' if good else 'NOT AS EXPECTED'}: {self._scene.title}"]
        lines += [f"    shown at {line}" for line in self._seen]
        if self._mishap_at:
            lines.append(f"    mishap at {self._mishap_at - self._began:.1f} s")
        lines += [
            f"    run {run['attempt']} by {run['worker_id']} began at "
            f"{run['began'] - self._began:.1f} s"
            for run in began
        ]
        lines += [
            f"    run {run['attempt']} by {run['worker_id']} ended after "
            f"{run['ended'] - run['began']:.1f} s{', told to stop' if run['stopped'] else ''}"
            for run in runs
            if "ended" in run
        ]
        console.print("\n".join(lines), markup=False)
        return (good and self._scene.expected[0] == "COMPLETED") or all(
            run["stopped"] for run in runs if "ended" in run
        )
