"""Webhooks on the deployed system: whoever ends a request starts the function that sends one."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook as Verifier

from infra.admin.admin_client import create_secret
from infra.local.spaces import admin_of
from infra.local.status import LocalSpace
from tests.functional.gateway.webhooks.receiver import Answer, Receiver, receiving
from tests.local.support.connections import dial
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening


@pytest.fixture
def space(deployed_cloud: DeployedCloud) -> LocalSpace:
    return deployed_cloud.create_space()


@pytest.fixture
def api(deployed_cloud: DeployedCloud, space: LocalSpace) -> Iterator[httpx.Client]:
    """Calls the API with a key of the space."""
    key = create_secret(admin_of(deployed_cloud.cloud), "key", [space.space])["key"]
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(
        base_url=deployed_cloud.api_url, headers=headers, trust_env=False, timeout=40
    ) as client:
        yield client


def submit(api: httpx.Client, space: LocalSpace, url: str) -> dict[str, Any]:
    body = {"input": {"prompt": "a"}, "webhook": {"url": url}}
    accepted = api.post(f"/v1/spaces/{space.space}/requests", json=body)
    assert accepted.status_code == 202, accepted.text
    found: dict[str, Any] = accepted.json()
    return found


def until(seen: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def delivery(api: httpx.Client, accepted: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"{accepted['response_url']}/webhook").json()
    return found


def test_an_answer_is_announced_and_verified(
    deployed_cloud: DeployedCloud, space: LocalSpace, api: httpx.Client, receiver: Receiver
) -> None:
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        accepted = submit(api, space, receiver.url)
        request = link.hear()
        told = {"request_id": request["request_id"], "attempt": request["attempt"]}
        link.ask({"action": "result", "status": "completed", "output": {"text": "done"}, **told})

    until(lambda: bool(receiver.arrived))
    headers, body = receiver.arrived[0]
    secret = api.get("/v1/webhook-secret").json()["secret"]
    said = Verifier(secret).verify(body, headers)
    assert said["type"] == "request.completed"
    result = api.get(said["data"]["response_url"])
    assert result.json()["output"]["text"] == "done"
    until(lambda: delivery(api, accepted)["state"] == "delivered")


def test_a_cancelled_request_is_announced_again_after_a_refusal(
    space: LocalSpace, api: httpx.Client, receiver: Receiver
) -> None:
    receiver.answers = [Answer(503), Answer()]
    accepted = submit(api, space, receiver.url)

    api.put(accepted["cancel_url"])

    until(lambda: delivery(api, accepted)["tries"] == 2, 120)  # by a schedule, within a minute
    until(lambda: delivery(api, accepted)["state"] == "delivered")
    assert len({headers["webhook-id"] for headers, _ in receiver.arrived}) == 1
    again = api.post(f"{accepted['response_url']}/webhook")
    assert again.status_code == 202
    until(lambda: len(receiver.arrived) == 3)
