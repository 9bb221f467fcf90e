"""The caller client and its command on the deployed gateway, with a real worker."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.admin.admin_client import create_secret
from infra.local.spaces import admin_of
from spaces_client import (
    AsyncSpaces,
    QueueFull,
    RateLimited,
    RequestCancelled,
    Spaces,
    Unauthorized,
    Upload,
)
from spaces_worker import RequestContext, Result
from tests.local.support.worker_client import digest, linked
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

SIZE = 20_000_000
"""Large enough for a file to go in parts."""


def give_back(context: RequestContext) -> Result:
    """Return what came in."""
    (file,) = context.files
    path = context.folder / "out.bin"
    path.write_bytes(file.read_bytes())
    return Result(text=f"{context.prompt} {context.metadata['order']}", files=[path])


def count(prompt: str) -> Iterator[str]:
    """Stream some words."""
    yield from (f"{prompt}{number} " for number in range(5))


async def start(cloud: DeployedCloud, *words: str) -> asyncio.subprocess.Process:
    """Start a process that knows the gateway."""
    env = {**os.environ, "PYTHONPATH": "caller_client", "SPACES_API_URL": cloud.api_url}
    return await asyncio.create_subprocess_exec(
        sys.executable, *words, env=env, stdout=asyncio.subprocess.PIPE
    )


async def test_files_and_answers_reach_a_caller_with_a_key(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space(features=["prompt", "file"], max_file_bytes=SIZE)
    made = create_secret(admin_of(deployed_cloud.cloud), "key", [space.space])
    content = os.urandom(SIZE)
    functions = {space.space: give_back}
    async with (
        linked(deployed_cloud, space.worker_token, functions, tmp_path),
        AsyncSpaces(deployed_cloud.api_url, key=made["key"]) as spaces,
    ):
        result = await spaces.run(
            space.space,
            "weigh",
            files=[Upload(content, "in.bin")],
            metadata={"order": "7"},
            timeout=120,
        )
        again = await spaces.request(result.request_id).result()  # by a call that waits
        saved = await again.files[0].save(tmp_path)
        listed = [each.space for each in await spaces.list_spaces()]

    assert (result.text, listed) == ("weigh 7", [space.space])
    assert (saved.name, digest(saved.read_bytes())) == ("out.bin", digest(content))
    with (
        Spaces(deployed_cloud.api_url, key=f"wsk_{'x' * 43}") as stranger,
        pytest.raises(Unauthorized),
    ):
        stranger.run(space.space, "weigh")


async def test_text_is_streamed_by_the_function_and_polled_without_it(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space()
    streams = deployed_cloud.status.stream_url.removesuffix("/v1/stream")
    functions = {space.space: count}
    async with (
        linked(deployed_cloud, space.worker_token, functions, tmp_path),
        AsyncSpaces(deployed_cloud.api_url) as spaces,
        AsyncSpaces(streams) as streaming,
    ):
        polled = [text async for text in await spaces.stream(space.space, "a")]
        request = await spaces.submit(space.space, "b")
        streamed = [text async for text in streaming.request(request.id).texts()]

    assert "".join(polled) == "a0 a1 a2 a3 a4 "
    assert "".join(streamed) == "b0 b1 b2 b3 b4 "


SUBMIT_AND_WAIT = """
import sys

from spaces_client import Spaces

request = Spaces().submit(sys.argv[1], "hi")
print(request.id, flush=True)
request.result()
"""


async def test_the_request_of_a_caller_that_was_killed_is_found_by_another_process(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space()
    waiting = await start(deployed_cloud, "-c", SUBMIT_AND_WAIT, space.space)
    assert waiting.stdout is not None
    request_id = (await waiting.stdout.readline()).decode().strip()
    waiting.kill()
    killed = await waiting.wait()

    async with linked(deployed_cloud, space.worker_token, {space.space: count}, tmp_path):
        found = await start(deployed_cloud, "-m", "spaces_client", "result", request_id)
        out, _ = await found.communicate()

    assert killed == -signal.SIGKILL
    assert (found.returncode, out.decode()) == (0, "hi0 hi1 hi2 hi3 hi4 \n")


def test_a_request_that_waits_is_cancelled_from_anywhere(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    with Spaces(deployed_cloud.api_url) as first:
        request_id = first.submit(space.space, "hi").id

    with Spaces(deployed_cloud.api_url) as second:
        request = second.request(request_id)
        assert request.status().queue_reason == "no_worker"
        assert request.cancel() is True
        with pytest.raises(RequestCancelled):
            request.result()


def test_a_full_queue_and_a_limit_say_when_to_come_back(deployed_cloud: DeployedCloud) -> None:
    full = deployed_cloud.create_space(max_queue_length=1).space
    rare = deployed_cloud.create_space(requests_per_minute=1).space
    with Spaces(deployed_cloud.api_url) as spaces:
        spaces.submit(full, "first")
        spaces.submit(rare, "first")

        with pytest.raises(QueueFull) as no_room:
            spaces.submit(full, "second")
        with pytest.raises(RateLimited) as too_many:
            spaces.submit(rare, "second")

    assert (no_room.value.retry_after or 0) >= 1
    assert 0 < (too_many.value.retry_after or 0) <= 60


async def test_the_command_runs_a_prompt(deployed_cloud: DeployedCloud, tmp_path: Path) -> None:
    space = deployed_cloud.create_space()
    async with linked(deployed_cloud, space.worker_token, {space.space: count}, tmp_path):
        words = ("-m", "spaces_client", "run", space.space, "c", "--json")
        command = await start(deployed_cloud, *words)
        out, _ = await command.communicate()

    assert (command.returncode, json.loads(out)["text"]) == (0, "c0 c1 c2 c3 c4 ")
