"""Each function may do what it needs and no more; the end of a full run compares (local_cloud)."""

from secrets import token_urlsafe

import httpx
import pytest

from infra.local.iam_decisions import read_decisions
from tests.local.support.connections import dial
from tests.local.support.grants import Grant, granted, rare, used
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


def test_what_functions_do_is_noted_as_theirs(deployed_cloud: DeployedCloud) -> None:
    deployed_cloud.create_space()

    needed = used(read_decisions(deployed_cloud.cloud))

    assert Grant("admin", "dynamodb:PutItem", "spaces") in needed
    assert not needed - granted()


def test_what_is_listed_as_rare_is_granted() -> None:
    assert not rare() - granted()


def test_a_very_long_answer_comes_back_from_the_bucket(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    requests = f"{deployed_cloud.api_url}/v1/spaces/{space.space}/requests"
    text = token_urlsafe(84_000)  # 112,000 characters that do not compress well

    with dial(deployed_cloud, space) as link, httpx.Client(trust_env=False, timeout=30) as http:
        link.register(space.space)
        http.post(requests, json={"input": {"prompt": "Long"}})
        request = link.hear()
        answer = {"action": "result", "status": "completed", "output": {"text": text}}
        link.ask({**answer, "request_id": request["request_id"], "attempt": request["attempt"]})
        result = http.get(f"{requests}/{request['request_id']}")

    needed = used(read_decisions(deployed_cloud.cloud))
    assert result.json()["output"]["text"] == text
    assert Grant("result", "s3:PutObject", "results") in needed
    assert Grant("api", "s3:GetObject", "results") in needed
