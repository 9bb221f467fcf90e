"""Real worker processes on the deployed gateway: places, deaths, order."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.status import LocalSpace
from tests.local.support.connections import dial
from tests.local.support.waiting import until
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

MODEL = f"{Path(__file__).with_name('support') / 'model.py'}:answer"

StartWorker = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(deployed_cloud: DeployedCloud, tmp_path: Path) -> Iterator[StartWorker]:
    started: list[subprocess.Popen[bytes]] = []

    def start(space: LocalSpace, worker_id: str) -> subprocess.Popen[bytes]:
        options = ("run", "--function", MODEL, "--worker-id", worker_id)
        command = deployed_cloud.worker_command(space, *options)
        with (tmp_path / f"{worker_id}-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                command.arguments, env=command.environment, stdout=log, stderr=log
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def api(deployed_cloud: DeployedCloud) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=deployed_cloud.api_url, timeout=30, trust_env=False) as client:
        yield client


def workers_of(api: httpx.Client, space: LocalSpace) -> dict[str, str]:
    view = api.get(f"/v1/spaces/{space.space}").json()
    return {worker["worker_id"]: worker["since"] for worker in view["workers"]}


def submit(api: httpx.Client, space: LocalSpace, prompt: str) -> dict[str, Any]:
    answer = api.post(f"/v1/spaces/{space.space}/requests", json={"input": {"prompt": prompt}})
    assert answer.status_code == 202, answer.text
    accepted: dict[str, Any] = answer.json()
    return accepted


def result_of(api: httpx.Client, accepted: dict[str, Any]) -> dict[str, Any]:
    """Poll as told, then fetch."""

    def ended() -> dict[str, Any] | None:
        answer = api.get(accepted["response_url"])
        return answer.json() if answer.status_code == 200 else None

    found: dict[str, Any] = until(ended, accepted["request_id"])
    return found


def test_a_worker_killed_while_idle_gets_its_place_back_at_once(
    deployed_cloud: DeployedCloud, api: httpx.Client, start_worker: StartWorker
) -> None:
    space = deployed_cloud.create_space()
    first = start_worker(space, "gpu-1")
    since = until(lambda: workers_of(api, space).get("gpu-1"), "the first process")
    first.send_signal(signal.SIGKILL)
    first.wait()

    start_worker(space, "gpu-1")

    until(lambda: workers_of(api, space).get("gpu-1", since) != since, "the second process")
    assert result_of(api, submit(api, space, "hello"))["output"]["data"]["text"] == "hello"


def test_another_worker_is_refused_and_gets_the_place_when_it_is_free(
    deployed_cloud: DeployedCloud, start_worker: StartWorker, api: httpx.Client, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space()
    first = start_worker(space, "gpu-1")
    until(lambda: workers_of(api, space), "the first worker")

    second = start_worker(space, "gpu-2")
    log = tmp_path / "gpu-2-1.log"
    until(lambda: "'gpu-1' is connected" in log.read_text(), "a clear refusal")

    assert list(workers_of(api, space)) == ["gpu-1"]
    assert result_of(api, submit(api, space, "still served"))["worker_id"] == "gpu-1"
    first.terminate()
    first.wait()
    until(lambda: list(workers_of(api, space)) == ["gpu-2"], "the second worker in its place")
    assert second.poll() is None


def test_twenty_prompts_at_once_are_answered_in_ticket_order_each_exactly_once(
    deployed_cloud: DeployedCloud, start_worker: StartWorker, api: httpx.Client
) -> None:
    space = deployed_cloud.create_space()
    with ThreadPoolExecutor(4) as pool:
        accepted = list(pool.map(lambda n: submit(api, space, f"prompt {n}"), range(20)))
    start_worker(space, "gpu-1")

    results = [result_of(api, each) for each in accepted]

    by_ticket = sorted(results, key=lambda r: int(r["request_id"].split(".")[1]))
    assert [int(r["request_id"].split(".")[1]) for r in by_ticket] == list(range(1, 21))
    assert [r["output"]["data"]["run"] for r in by_ticket] == list(range(1, 21))
    assert [r["output"]["data"]["text"] for r in results] == [f"prompt {n}" for n in range(20)]
    starts = [r["times"]["started_at"] for r in by_ticket]
    assert starts == sorted(starts)


def test_a_worker_that_dies_with_a_request_in_hand_is_given_it_again(
    deployed_cloud: DeployedCloud, start_worker: StartWorker, api: httpx.Client
) -> None:
    space = deployed_cloud.create_space()
    with dial(deployed_cloud, space, "gpu-1") as link:
        link.register(space.space)
        accepted = submit(api, space, "unfinished")
        assert link.hear()["request_id"] == accepted["request_id"]

    start_worker(space, "gpu-1")

    result = result_of(api, accepted)
    assert (result["status"], result["output"]["data"]["text"]) == ("COMPLETED", "unfinished")
