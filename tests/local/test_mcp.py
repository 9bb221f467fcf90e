"""Spaces as tools of MCP's clients, unchanged, through the stream front and with a real worker."""

import json
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.emulator import end_process
from infra.local.lifecycle import refresh
from infra.local.spaces import admin_of
from infra.local.status import LocalSpace
from tests.local.support.connections import dial
from tests.local.support.files import send_output
from tests.local.support.scene import about
from tests.local.support.waiting import until
from tests.local_cloud import DeployedCloud
from tests.mcp_clients.environment import OF_2025, output_of, start_script

pytestmark = [pytest.mark.local, pytest.mark.timeout(200)]

MODEL = f"{Path(__file__).with_name('support') / 'steps_model.py'}:answer"
PNG = bytes.fromhex("89504e470d0a1a0a") + b"not much of a picture"


@pytest.fixture
def space(deployed_cloud: DeployedCloud) -> Iterator[LocalSpace]:
    """A private space with a worker that takes as long as it is told."""
    space = deployed_cloud.create_space(
        features=["prompt", "file"], visibility="private", timeout_seconds=900
    )
    command = deployed_cloud.worker_command(space, "run", "--function", MODEL, "--concurrency", "2")
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        try:
            yield space
        finally:
            worker.terminate()


@pytest.fixture
def secret(deployed_cloud: DeployedCloud, space: LocalSpace) -> str:
    """A key for that space, once its worker has declared its options."""
    body = {"spaces": [space.space], "label": "mcp"}
    secret = str(admin_of(deployed_cloud.cloud)("POST", "/keys", body)["key"])
    headers = {"Authorization": f"Bearer {secret}"}

    def declared() -> bool:
        tools = send(deployed_cloud, "tools/list", {}, headers)["result"]["tools"]
        return "seconds" in tools[0]["inputSchema"]["properties"]

    until(declared, "the options of the worker")
    return secret


def send(
    cloud: DeployedCloud, method: str, params: dict[str, Any], headers: dict[str, str] | None = None
) -> dict[str, Any]:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    accept = {"Accept": "application/json, text/event-stream"}
    url = cloud.status.mcp_url
    answered = httpx.post(
        url, json=message, headers={**accept, **(headers or {})}, trust_env=False, timeout=60
    )
    _, _, event = answered.text.rpartition("data: ")
    found: dict[str, Any] = json.loads(event)
    return found


def test_picture_goes_in_and_another_comes_out(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space(features=["prompt", "image"], max_file_bytes=1024)
    file = {"data": b64encode(PNG).decode(), "name": "in.png", "mimeType": "image/png"}
    call = {"name": space.space, "arguments": {"prompt": "a cat", "files": [file]}}

    with dial(deployed_cloud, space) as link, ThreadPoolExecutor(1) as pool:
        link.register(space.space)
        answered = pool.submit(send, deployed_cloud, "tools/call", call)
        request = link.hear()
        with httpx.Client(trust_env=False, timeout=20) as http:
            [given] = request["input"]["files"]
            assert http.get(given["url"]).content == PNG
            stored = send_output(http, request, "out.png", "image/png", PNG[::-1])
        out = {"name": "out.png", "content_type": "image/png", "size": len(PNG), "key": stored}
        link.ask(about(request, "result", status="completed", output={"files": [out]}))

    [block] = answered.result()["result"]["content"]
    assert (block["type"], b64decode(block["data"])) == ("image", PNG[::-1])


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_official_client_lists_and_calls_a_tool(
    deployed_cloud: DeployedCloud, space: LocalSpace, secret: str, mode: str, version: str
) -> None:
    url = deployed_cloud.status.mcp_url
    script = start_script("official.py", space.space, mode, url=url, key=secret)

    found = json.loads(output_of(script))

    assert found["version"] == version
    assert found["tools"] == [space.space]
    assert {"prompt", "files", "seconds", "loud"} <= set(found["schema"]["properties"])
    assert (found["text"], found["slow"]) == ("HELLO a.txt", "slow")
    assert found["progress"] == sorted(set(found["progress"])) != []
    assert found["refused"] == [True, "input.prompt is empty. Write what the model should answer."]
    assert "Unknown tool" in found["unknown"][1]


def test_task_of_fastmcp_outlives_the_process_that_began_it(
    deployed_cloud: DeployedCloud, space: LocalSpace, secret: str
) -> None:
    url = deployed_cloud.status.mcp_url
    script = start_script("fastmcp_tasks_client.py", space.space, "20", url=url, key=secret)
    assert script.stdout is not None
    begun = json.loads(script.stdout.readline() or "{}")
    assert begun.get("status") == "working", output_of(script)
    status = deployed_cloud.status
    assert status.front is not None
    end_process(status.front)
    refresh(deployed_cloud.cloud, status, print)

    found = json.loads(output_of(script))

    assert found["task"].startswith(f"{space.space}.")
    assert found["result"] == "slow"
    assert (found["cancelled"], found["afterwards"]) == ("cancelled", "free")


def test_client_of_2025_asks_for_a_task(
    deployed_cloud: DeployedCloud, space: LocalSpace, secret: str
) -> None:
    url = deployed_cloud.status.mcp_url
    script = start_script(
        "official_2025.py", space.space, "5", url=url, key=secret, environment=OF_2025
    )

    found = json.loads(output_of(script))

    assert found["version"] == "2025-11-25"
    assert found["tools"] == {space.space: "optional"}
    assert (found["text"], found["slow"], found["task_text"]) == ("HELLO", "slow", "slow")
    assert found["progress"] == sorted(set(found["progress"])) != []
    assert found["task"] == ["working", "working", "completed"]
    assert found["cancelled"] == "cancelled"
