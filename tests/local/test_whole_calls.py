"""Calls of the largest size on the deployed gateway: to a real worker, back, again, and away."""

import json
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import httpx
import pytest

from infra.local.iam_decisions import read_decisions
from infra.local.spaces import admin_of
from spaces_protocol.limits import MAX_INPUT_BYTES, MAX_OUTPUT_BYTES
from tests.local.support.grants import Grant, used
from tests.local.support.worker_client import Answer, digest, linked, result_of
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

AROUND_THE_ANSWER = 1_024
"""Bytes of the answer's object besides its text."""
ON_ALL_WAYS = {
    *(Grant("api", f"s3:{action}", "inputs") for action in ("PutObject", "GetObject")),
    *(Grant("admin", f"s3:{action}", "inputs") for action in ("PutObject", "GetObject")),
    Grant("api", "s3:DeleteObject", "inputs"),
}


def largest_call() -> dict[str, Any]:
    """Return a call whose JSON has exactly as many bytes as any space takes."""
    message = {"role": "user", "content": ""}
    call = {"endpoint": "chat.completions", "body": {"messages": [message], "seed": 7}}
    around = len(json.dumps({"call": call}, separators=(",", ":")))
    message["content"] = token_urlsafe(MAX_INPUT_BYTES)[: MAX_INPUT_BYTES - around]
    return call


async def post(api: httpx.AsyncClient, space: str, call: dict[str, Any]) -> httpx.Response:
    return await api.post(f"/v1/spaces/{space}/requests", json={"input": {"call": call}})


async def test_the_largest_call_and_answer_pass_unharmed(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space(features=["call"], max_input_bytes=MAX_INPUT_BYTES)
    call, said = largest_call(), "z" * (MAX_OUTPUT_BYTES - AROUND_THE_ANSWER)
    heard: list[tuple[str, Any]] = []

    def answer(messages: list[dict[str, str]], params: dict[str, Any]) -> str:
        heard.append((digest(messages[0]["content"].encode()), params))
        return said

    token, functions = space.worker_token, {space.space: answer}
    async with linked(deployed_cloud, token, functions, tmp_path) as api:
        accepted: Answer = (await post(api, space.space, call)).json()
        result = await result_of(api, accepted)
        stored = await api.get(result["input"]["body_url"])
        again = admin_of(deployed_cloud.cloud)("POST", f"/requests/{accepted['request_id']}/retry")
        repeated = await result_of(api, {"response_url": again["response_url"]})
        deleted = await api.delete(accepted["response_url"])
        gone = await api.get(result["input"]["body_url"])
        kept = await api.get(repeated["input"]["body_url"])

    content = call["body"]["messages"][0]["content"]
    assert heard == [(digest(content.encode()), {"seed": 7})] * 2
    assert result["output"]["data"]["choices"][0]["message"]["content"] == said
    assert result["input"]["body_bytes"] == len(stored.content) == MAX_INPUT_BYTES
    assert stored.json() == kept.json() == {"call": call}
    assert (deleted.status_code, gone.status_code) == (204, 404)
    assert not sorted(ON_ALL_WAYS - used(read_decisions(deployed_cloud.cloud)))


async def test_one_byte_more_is_refused_with_both_sizes(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space(features=["call"], max_input_bytes=MAX_INPUT_BYTES)
    call = largest_call()
    call["body"]["seed"] = 77

    def answer(prompt: str) -> str:
        return prompt

    token, functions = space.worker_token, {space.space: answer}
    async with linked(deployed_cloud, token, functions, tmp_path) as api:
        refused = await post(api, space.space, call)

    assert (refused.status_code, refused.json()["error_type"]) == (413, "input_too_large")
    assert f"{MAX_INPUT_BYTES + 1:,}" in refused.json()["detail"]
    assert f"at most {MAX_INPUT_BYTES:,}" in refused.json()["detail"]
