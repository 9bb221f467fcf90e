"""Plays the scenes, each in a space of its own, all at once, and tells what was seen."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx

from infra.local.cloud import LocalCloud
from tests.chaos.crew import Crew, wait_for_workers
from tests.chaos.network import Network
from tests.chaos.report import console
from tests.chaos.scenes import SCENES, Scene, Stage
from tests.chaos.verdict import Run, read_runs
from tests.local_cloud import DeployedCloud

PATIENCE: Final = 240.0


def play_scenes(cloud: LocalCloud, net: Network, folder: Path) -> bool:
    """Play all scenes at once; returns whether each came out as expected."""
    stage = Stage(net, Crew(net.tally))
    deployed = DeployedCloud(cloud)
    try:
        for scene in SCENES:
            stage.crew.hire(deployed, scene.plan, net.socket_port, folder)
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
        begun = [run for run in runs if "ended" not in run]
        good = (result["status"], result.get("attempt"), len(begun)) == self._scene.expected
        lines = [f"{'as expected' if good else 'NOT AS EXPECTED'}: {self._scene.title}"]
        lines += [f"    shown at {line}" for line in self._seen]
        if self._mishap_at:
            lines.append(f"    mishap at {self._mishap_at - self._began:.1f} s")
        lines += [self._describe(run) for run in runs]
        console.print("\n".join(lines), markup=False, soft_wrap=True)
        return good

    def _describe(self, run: Run) -> str:
        who = f"    run {run['attempt']} by {run['worker_id']}"
        if "ended" not in run:
            return f"{who} began at {run['began'] - self._began:.1f} s"
        lasted = f"{who} ended after {run['ended'] - run['began']:.1f} s"
        return f"{lasted}, told to stop" if run["stopped"] else lasted
