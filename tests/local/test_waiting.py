"""Callers that wait for a result, on the deployed system."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from infra.local.status import LocalSpace
from tests.local.support.connections import Link, dial
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


@pytest.fixture
def space(deployed_cloud: DeployedCloud) -> LocalSpace:
    return deployed_cloud.create_space()


@pytest.fixture
def link(deployed_cloud: DeployedCloud, space: LocalSpace) -> Iterator[Link]:
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        yield link


def answer(link: Link, request: dict[str, Any]) -> None:
    told = {"request_id": request["request_id"], "attempt": request["attempt"]}
    link.ask({"action": "result", "status": "completed", "output": {"text": "done"}, **told})


def test_a_submit_that_prefers_to_wait_is_answered_with_the_result(
    deployed_cloud: DeployedCloud, space: LocalSpace, link: Link
) -> None:
    path = f"{deployed_cloud.api_url}/v1/spaces/{space.space}/requests"
    headers, codes = {"Prefer": "wait=60"}, list[int]()

    def submit() -> tuple[httpx.Response, float]:
        with httpx.Client(trust_env=False, timeout=40) as http:
            response = http.post(path, json={"input": {"prompt": "a"}}, headers=headers)
            while response.next_request is not None:
                codes.append(response.status_code)
                response.next_request.read()
                response = http.send(response.next_request)
        return response, time.time()

    with ThreadPoolExecutor() as pool:
        caller = pool.submit(submit)
        request = link.hear()
        time.sleep(27)  # longer than one call lasts
        answered_at = time.time()
        answer(link, request)
        response, returned_at = caller.result(60)

    assert response.status_code == 200
    assert response.json()["output"]["text"] == "done"
    assert codes == [303, 303]
    assert returned_at - answered_at < 3


def test_calls_that_wait_keep_no_other_call_waiting(
    deployed_cloud: DeployedCloud, space: LocalSpace, link: Link
) -> None:
    path = f"{deployed_cloud.api_url}/v1/spaces/{space.space}/requests"

    with httpx.Client(trust_env=False, timeout=40) as http, ThreadPoolExecutor() as pool:
        accepted = http.post(path, json={"input": {"prompt": "a"}}).json()
        request = link.hear()
        wait = f"{deployed_cloud.api_url}{accepted['response_url']}/wait?seconds=20"
        waiting = [pool.submit(httpx.get, wait, trust_env=False, timeout=40) for _ in range(4)]
        time.sleep(2)
        status = http.get(f"{deployed_cloud.api_url}{accepted['status_url']}")
        still_waiting = not any(each.done() for each in waiting)
        answer(link, request)
        results = [each.result(60) for each in waiting]

    assert status.json()["status"] == "IN_PROGRESS"
    assert still_waiting
    assert [result.status_code for result in results] == [200] * 4
