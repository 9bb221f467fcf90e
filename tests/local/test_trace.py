"""A caller's ``traceparent``, from the header of the submit to the model and to every log."""

import asyncio
import json
import logging
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from spaces_worker import RequestContext
from tests.local.support.worker_client import linked, result_of
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_trace_reaches_the_model_and_the_logs_of_functions_and_worker(
    deployed_cloud: DeployedCloud, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    space = deployed_cloud.create_space()

    def model(prompt: str, context: RequestContext) -> dict[str, Any]:
        return {"traceparent": context.traceparent}

    async def run() -> tuple[dict[str, Any], dict[str, Any]]:
        token, path = space.worker_token, f"/v1/spaces/{space.space}/requests"
        async with linked(deployed_cloud, token, {space.space: model}, tmp_path) as api:
            headers, body = {"traceparent": TRACE}, {"input": {"prompt": "a"}}
            traced = (await api.post(path, json=body, headers=headers)).json()
            untraced = (await api.post(path, json=body)).json()
            results = await result_of(api, traced), await result_of(api, untraced)
            await api.get(f"{traced['response_url']}/wait?seconds=5", headers=headers)
        return results

    with caplog.at_level("INFO", logger="spaces_worker"):
        traced, untraced = asyncio.run(run())

    assert traced["output"]["data"] == {"traceparent": TRACE}
    assert untraced["output"]["data"] == {"traceparent": None}
    worker = {record.__dict__.get("traceparent") for record in _about(caplog, traced["request_id"])}
    assert worker == {TRACE}
    other = {
        record.__dict__.get("traceparent") for record in _about(caplog, untraced["request_id"])
    }
    assert other == {None}
    seen = partial(_traces_of, deployed_cloud)
    assert seen("api", "request_accepted", traced["request_id"]) == {TRACE}
    assert seen("result", "request_ended", traced["request_id"]) == {TRACE}
    assert seen("api", "request_accepted", untraced["request_id"]) == {None}


def _about(caplog: pytest.LogCaptureFixture, request_id: str) -> list[logging.LogRecord]:
    found = [r for r in caplog.records if r.__dict__.get("request_id") == request_id]
    assert found
    return found


def _traces_of(cloud: DeployedCloud, function: str, event: str, request_id: str) -> set[str | None]:
    """Return the traces in the functions' lines about an event of a request."""
    lines = [json.loads(text) for text in cloud.log(function) if text.startswith("{")]
    found = [
        line for line in lines if (line["message"], line.get("request_id")) == (event, request_id)
    ]
    return {line.get("traceparent") for line in found}
