"""One caller is not taken for another."""

from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import httpx
import pytest

from infra.local.people import create_person
from tests.local.support.access_matrix import bearer
from tests.local.support.sign_in import sign_in
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

PROMPT = {"input": {"prompt": "The same words."}}


@pytest.fixture(scope="module")
def api(deployed_cloud: DeployedCloud) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=deployed_cloud.api_url, trust_env=False, timeout=30) as client:
        yield client


def headers_of_somebody(cloud: DeployedCloud) -> dict[str, str]:
    return dict(bearer(sign_in(cloud, create_person(cloud.cloud, f"u-{token_hex(4)}")).access))


def test_another_persons_idempotency_key_does_not_find_their_request(
    api: httpx.Client, deployed_cloud: DeployedCloud
) -> None:
    path = f"/v1/me/spaces/{deployed_cloud.create_space().space}/requests"
    mine, theirs = headers_of_somebody(deployed_cloud), headers_of_somebody(deployed_cloud)
    key = {"Idempotency-Key": "1"}

    first = api.post(path, json=PROMPT, headers={**mine, **key})
    again = api.post(path, json=PROMPT, headers={**mine, **key})
    other = api.post(path, json=PROMPT, headers={**theirs, **key})

    assert again.json()["request_id"] == first.json()["request_id"]
    assert other.status_code == 202
    assert other.json()["request_id"] != first.json()["request_id"]


@pytest.mark.parametrize(
    "made_up",
    [
        {"CloudFront-Viewer-Address": "192.0.2.7:1"},
        {"CloudFront-Viewer-Address": "192.0.2.7:1", "X-Spaces-Edge": "guess"},
        {"X-Forwarded-For": "192.0.2.7"},
        {"X-Real-IP": "192.0.2.7"},
    ],
)
def test_a_made_up_address_is_no_fresh_start(
    made_up: dict[str, str], api: httpx.Client, deployed_cloud: DeployedCloud
) -> None:
    limits: dict[str, Any] = {
        "requests_per_minute": 1,
        "max_waiting": None,
        "upload_bytes_per_day": None,
    }
    space = deployed_cloud.create_space(anonymous_limits=limits)
    path = f"/v1/spaces/{space.space}/requests"

    first = api.post(path, json=PROMPT)
    second = api.post(path, json=PROMPT, headers=made_up)

    assert first.status_code == 202
    assert second.status_code == 429
    assert second.json()["error_type"] == "rate_limited"
    assert int(second.headers["retry-after"]) <= 60


def test_what_one_person_submitted_is_not_in_anothers_history(
    api: httpx.Client, deployed_cloud: DeployedCloud
) -> None:
    space = deployed_cloud.create_space().space
    mine, theirs = headers_of_somebody(deployed_cloud), headers_of_somebody(deployed_cloud)
    request_id = api.post(f"/v1/me/spaces/{space}/requests", json=PROMPT, headers=mine).json()[
        "request_id"
    ]

    def history(headers: dict[str, str]) -> set[str]:
        answer = api.get("/v1/me/requests", headers=headers)
        return {each["request_id"] for each in answer.json()["requests"]}

    assert request_id in history(mine)
    assert history(theirs) == set()
