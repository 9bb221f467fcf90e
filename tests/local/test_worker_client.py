"""The worker client on the deployed gateway: files, streamed text, shared slots."""

import asyncio
import collections
import random
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest

from infra.admin import admin_client
from infra.local.spaces import admin_of
from spaces_worker import RequestContext, Result, Worker
from spaces_worker._doctor.checks import Check, CheckStatus
from spaces_worker._doctor.examine import examine
from spaces_worker._settings import load_settings
from tests.local.support.worker_client import (
    Functions,
    digest,
    linked,
    result_of,
    submit,
    until,
    upload,
)
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


async def test_large_files_and_texts_pass_unharmed(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space(
        features=["prompt", "audio"], max_files=1, max_file_bytes=30_000_000
    )
    twenty, thirty = (random.Random(seed).randbytes(10**7 * seed) for seed in (2, 3))

    def weigh(context: RequestContext) -> Result:
        (file,) = context.files
        path = context.folder / "out.wav"
        path.write_bytes(thirty)
        data = {"digest": digest(file.read_bytes()), "size": file.size}
        return Result(text="x" * 200_000, data=data, files=[path])

    functions = {space.space: weigh}
    async with linked(deployed_cloud, space.worker_token, functions, tmp_path) as api:
        files = [{"upload_id": await upload(api, space.space, twenty)}]
        result = await result_of(api, await submit(api, space.space, files=files))
        (file,) = result["output"]["files"]
        content = (await api.get(file["url"])).content

    assert result["output"]["data"] == {"digest": digest(twenty), "size": len(twenty)}
    assert result["output"]["text"] == "x" * 200_000
    assert (file["name"], file["size"], file["inline"]) == ("out.wav", len(thirty), True)
    assert digest(content) == digest(thirty)


async def test_example_files_are_uploaded_once_and_go_with_their_declaration(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space(features=["prompt", "image"], max_files=2)
    for name in ("cat.png", "dog.png"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode())

    async def shown_files(api: httpx.AsyncClient, name: str) -> list[dict[str, Any]]:
        examples = (await api.get(f"/v1/spaces/{space.space}")).json()["examples"]
        return [file for each in examples for file in each["files"] if file["name"] == name]

    urls = {}
    for name in ("cat.png", "dog.png"):
        examples = [{"prompt": "What is it?", "files": [tmp_path / name]}]
        functions: Functions = {space.space: str}
        async with linked(
            deployed_cloud, space.worker_token, functions, tmp_path, examples=examples
        ) as api:
            (file,) = await until(partial(shown_files, api, name))
            urls[name] = file["url"]
            fetched = await api.get(file["url"])
            assert fetched.content == (tmp_path / name).read_bytes()
            assert fetched.headers["content-type"] == "image/png"
    async with httpx.AsyncClient(trust_env=False) as anyone:
        assert (await anyone.get(urls["cat.png"])).status_code in (403, 404)
        assert (await anyone.get(urls["dog.png"])).status_code == 200
        admin_client.delete_space(admin_of(deployed_cloud.cloud), space.space)
        assert (await anyone.get(urls["dog.png"])).status_code in (403, 404)


async def test_text_is_shown_as_it_is_produced(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space()

    async def count(prompt: str) -> AsyncIterator[str]:
        for number in range(int(prompt)):
            yield f"{number} "
            await asyncio.sleep(0.2)

    seen: list[str] = []
    async with linked(deployed_cloud, space.worker_token, {space.space: count}, tmp_path) as api:
        accepted = await submit(api, space.space, prompt="20")

        async def ended() -> bool:
            status = (await api.get(accepted["status_url"])).json()
            seen.append((status.get("partial") or {}).get("text", ""))
            return bool(status["status"] == "COMPLETED")

        await until(ended)
        result = await result_of(api, accepted)

    text = result["output"]["text"]
    assert text == "".join(f"{number} " for number in range(20))
    partial = [each for each in seen if each]
    assert len(set(partial)) >= 3
    assert all(text.startswith(each) for each in partial)


@pytest.mark.parametrize("prefetch", [False, True])
async def test_three_spaces_share_two_slots_in_order(
    deployed_cloud: DeployedCloud, tmp_path: Path, *, prefetch: bool
) -> None:
    spaces = [f"test-{token_hex(4)}" for _ in range(3)]
    for space in spaces:
        deployed_cloud.create_space(space, prefetch=prefetch)
    token = admin_client.create_token(admin_of(deployed_cloud.cloud), spaces, label="shared")
    started = collections.defaultdict(list)
    running: list[int] = []
    most = [0]

    async def work(context: RequestContext) -> str:
        started[context.space].append(int(context.prompt))
        running.append(1)
        most[0] = max(most[0], len(running))
        await asyncio.sleep(0.3)
        running.pop()
        return context.prompt

    functions: Functions = dict.fromkeys(spaces, work)
    async with linked(deployed_cloud, token, functions, tmp_path, concurrency=2) as api:
        accepted = [
            await submit(api, space, prompt=str(number)) for number in range(6) for space in spaces
        ]
        results = [await result_of(api, each) for each in accepted]

    assert [result["output"]["text"] for result in results] == [str(n // 3) for n in range(18)]
    assert most == [2]
    assert dict(started) == {space: list(range(6)) for space in spaces}


async def test_what_a_stopped_worker_held_is_handed_to_another_at_once(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    names = ["first", "second", "third", "fourth"]  # three losses would end the request
    space = deployed_cloud.create_space(max_workers=len(names))
    holders: asyncio.Queue[str] = asyncio.Queue()
    answering = asyncio.Event()

    def worker_called(name: str) -> Worker:
        worker = Worker(
            url=deployed_cloud.socket_url,
            token=space.worker_token,
            worker_id=name,
            state_dir=tmp_path,
        )

        @worker.space(space.space)
        async def work() -> str:
            holders.put_nowait(name)
            await answering.wait()
            return name

        return worker

    workers = {name: worker_called(name) for name in names}
    serving = {name: asyncio.create_task(worker.serve()) for name, worker in workers.items()}
    async with httpx.AsyncClient(
        base_url=deployed_cloud.api_url, timeout=60, trust_env=False
    ) as api:
        await until(lambda: all_linked(api, space.space, names))
        accepted = await submit(api, space.space, prompt="Hi")
        holder = await holders.get()
        for _ in range(3):
            workers.pop(holder).stop()
            async with asyncio.timeout(10):  # one that merely vanishes keeps it for 20 s
                await serving.pop(holder)
                holder = await holders.get()
        answering.set()
        result = await result_of(api, accepted)
    (last,) = workers.values()
    last.stop()
    await asyncio.gather(*serving.values())

    assert result["output"]["text"] == holder


async def all_linked(api: httpx.AsyncClient, space: str, names: list[str]) -> bool:
    view = (await api.get(f"/v1/spaces/{space}")).json()
    return {worker["worker_id"] for worker in view["workers"]} == set(names)


async def test_requests_outlive_the_renewal_of_their_connection(
    deployed_cloud: DeployedCloud,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("spaces_worker._session.connection_timer.RENEW_BEFORE_SECONDS", 1.0)
    caplog.set_level("DEBUG", logger="spaces_worker")
    space = deployed_cloud.create_space()
    runs: collections.Counter[str] = collections.Counter()

    async def work(prompt: str) -> str:
        runs[prompt] += 1
        await asyncio.sleep(0.4)
        return prompt

    functions: Functions = {space.space: work}
    async with linked(
        deployed_cloud, space.worker_token, functions, tmp_path, concurrency=2
    ) as api:
        accepted = [await submit(api, space.space, prompt=str(n)) for n in range(24)]
        results = [await result_of(api, each) for each in accepted]

    begin = "This connection is about"
    renewals = sum(record.message.startswith(begin) for record in caplog.records)
    assert renewals >= 3
    assert [result["output"]["text"] for result in results] == [str(n) for n in range(24)]
    assert set(runs.values()) == {1}
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


async def diagnosed(cloud: DeployedCloud, folder: Path, **options: str) -> dict[str, Check]:
    settings = load_settings({**options, "url": cloud.socket_url, "state_dir": folder}, environ={})
    return {each.name: each async for each in examine(settings)}


async def test_the_doctor_learns_from_the_gateway_what_the_token_is_for_and_where_files_lie(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    space = deployed_cloud.create_space()

    well = await diagnosed(deployed_cloud, tmp_path, token=space.worker_token, spaces=space.space)
    typo = await diagnosed(deployed_cloud, tmp_path, token=space.worker_token, spaces="no-space")

    assert {each for each in well.values() if each.status is CheckStatus.FAILED} == set()
    assert {well[name].status for name in ("protocol", "spaces", "files")} == {CheckStatus.OK}
    assert typo["spaces"].text == f"The token is not for no-space; it is for {space.space}."


async def test_who_has_no_good_token_is_told_nothing_of_the_gateway(
    deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    found = await diagnosed(deployed_cloud, tmp_path, token="wst_" + "A" * 43, spaces="any")

    assert found["token"].status is CheckStatus.FAILED
    assert found.keys().isdisjoint({"protocol", "spaces", "files"})
