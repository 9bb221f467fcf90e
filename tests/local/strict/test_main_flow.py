"""What people do every day, behind the strict edge."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.status import LocalSpace
from spaces_worker import RequestContext, Result
from tests.local.support.strict_cloud import StrictCloud, warnings
from tests.local.support.worker_client import digest, linked, result_of, submit, until, upload

pytestmark = [pytest.mark.local, pytest.mark.strict, pytest.mark.timeout(240)]

QUOTES = '"' * 1_900_000
"""Counts twice in an output (4 MB), and four times in the result of a function (6 MB)."""


async def test_prompt_file_stream_answer_and_delete(
    strict: StrictCloud, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    space = strict.create_space(
        features=["prompt", "audio"], max_files=1, max_file_bytes=30_000_000
    )
    sent, returned = (random.Random(seed).randbytes(2_000_000) for seed in (2, 3))

    async def answer(context: RequestContext) -> AsyncIterator[str | Result]:
        (file,) = context.files
        await file.download()
        for word in ("one ", "two ", "three "):
            yield word
            await asyncio.sleep(0.6)
        path = context.folder / "out.wav"
        path.write_bytes(returned)
        data = {"digest": digest(file.read_bytes()), "prompt": context.prompt}
        yield Result(data=data, files=[path])

    async with linked(strict, space.worker_token, {space.space: answer}, tmp_path) as api:
        files = [{"upload_id": await upload(api, space.space, sent)}]
        accepted = await submit(api, space.space, prompt="weigh it", files=files)
        result = await result_of(api, accepted)
        content = (await api.get(result["output"]["files"][0]["url"])).content
        deleted = await api.delete(accepted["response_url"])
        gone = await api.get(accepted["response_url"])
        missing = await api.get(result["output"]["files"][0]["url"])

    assert result["status"] == "COMPLETED"
    assert result["output"]["data"] == {"digest": digest(sent), "prompt": "weigh it"}
    assert digest(content) == digest(returned)
    assert (deleted.status_code, gone.status_code, missing.status_code) == (204, 410, 403)
    assert warnings(caplog) == []


@pytest.mark.parametrize(
    "text",
    ["x" * 90_000, "é" * 40_000, "x" * 200_000, QUOTES, "字" * 1_300_000],
    ids=["90 KB", "two bytes each", "200 KB", "4 MB of quotes", "4 MB of Chinese"],
)
async def test_answers_of_every_size_come_back_whole(
    strict: StrictCloud,
    space: LocalSpace,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    text: str,
) -> None:
    functions: dict[str, Any] = {space.space: lambda _prompt: text}
    async with linked(strict, space.worker_token, functions, tmp_path) as api:
        result = await result_of(api, await submit(api, space.space, prompt="long"))

    assert result["output"]["text"] == text
    assert warnings(caplog) == []


async def test_a_full_prompt_reaches_the_worker(
    strict: StrictCloud, space: LocalSpace, tmp_path: Path
) -> None:
    prompt = '"' * 24 * 1024  # the largest; quotes count twice in a message
    functions: dict[str, Any] = {space.space: lambda prompt: str(len(prompt))}
    async with linked(strict, space.worker_token, functions, tmp_path) as api:
        result = await result_of(api, await submit(api, space.space, prompt=prompt))

    assert result["output"]["text"] == str(len(prompt))


async def test_a_crowd_is_served_by_ten_functions_at_a_time(
    strict: StrictCloud, space: LocalSpace, tmp_path: Path
) -> None:
    strict.rules.parallel_runs = 3
    runs: Counter[str] = Counter()

    async def work(prompt: str) -> str:
        runs[prompt] += 1
        return prompt

    async def submit_one(api: Any, number: int) -> dict[str, Any]:
        async def accepted() -> Any:
            path = f"/v1/spaces/{space.space}/requests"
            answer = await api.post(path, json={"input": {"prompt": str(number)}})
            assert answer.status_code in {202, 500, 503}
            return answer.json() if answer.status_code == 202 else None

        return dict(await until(accepted))

    refused = strict.edge.runs.refused
    async with linked(
        strict, space.worker_token, {space.space: work}, tmp_path, concurrency=4
    ) as api:
        accepted = await asyncio.gather(*(submit_one(api, number) for number in range(8)))
        results = await asyncio.gather(*(result_of(api, each) for each in accepted))

    assert strict.edge.runs.refused > refused
    assert [each["output"]["text"] for each in results] == [str(n) for n in range(8)]
    assert set(runs.values()) == {1}


async def test_text_is_streamed_before_the_answer_is_complete(
    strict: StrictCloud, space: LocalSpace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read = asyncio.Event()

    async def write(_prompt: str) -> AsyncIterator[str]:
        yield "Once "
        await read.wait()
        yield "upon a time"

    async with linked(strict, space.worker_token, {space.space: write}, tmp_path) as api:
        accepted = await submit(api, space.space, prompt="a story")
        path = accepted["response_url"].replace("/v1/", "/v1/stream/")
        origin = strict.status.stream_url.removesuffix("/v1/stream")
        async with api.stream("GET", f"{origin}{path}") as response:
            events: list[dict[str, Any]] = []
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "data":
                    events.append(json.loads(value))
                if {"text": "Once "} in events:
                    read.set()

    assert "".join(each.get("text", "") for each in events) == "Once upon a time"
    assert events[-1]["status"] == "COMPLETED"
    assert warnings(caplog) == []
