"""The worker client's library on the deployed gateway, and who calls its API."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from spaces_worker import Worker
from tests.local_cloud import DeployedCloud

Functions = dict[str, Callable[..., Any]]
Answer = dict[str, Any]


@asynccontextmanager
async def linked(
    cloud: DeployedCloud,
    token: str,
    functions: Functions,
    folder: Path,
    *,
    key: str | None = None,
    examples: Sequence[Any] = (),
    **options: Any,
) -> AsyncIterator[httpx.AsyncClient]:
    """Serve functions by space, each with these examples, and return what calls the API.

    It has a key if there is one.
    """
    worker = Worker(
        url=cloud.socket_url, token=token, worker_id="client", state_dir=folder, **options
    )
    for space, function in functions.items():
        worker.space(space, examples=examples)(function)
    task = asyncio.create_task(worker.serve())
    headers = {"authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(
        base_url=cloud.api_url, headers=headers, timeout=60, trust_env=False
    ) as api:
        try:
            await until(lambda: connected(api, list(functions)))
            yield api
        finally:
            worker.stop()
            await task


async def until(seen: Callable[[], Awaitable[Any]]) -> Any:
    while not (found := await seen()):  # noqa: ASYNC110 - it happens elsewhere
        await asyncio.sleep(0.2)
    return found


async def connected(api: httpx.AsyncClient, spaces: list[str]) -> bool:
    views = [(await api.get(f"/v1/spaces/{space}")).json() for space in spaces]
    return all(view["connected"] for view in views)


async def submit(api: httpx.AsyncClient, space: str, **given: Any) -> Answer:
    answer = await api.post(f"/v1/spaces/{space}/requests", json={"input": given})
    assert answer.status_code == 202, answer.text
    accepted: Answer = answer.json()
    return accepted


async def result_of(api: httpx.AsyncClient, accepted: Answer) -> Answer:
    async def ended() -> Answer | None:
        answer = await api.get(accepted["response_url"])
        return answer.json() if answer.status_code == 200 else None

    result: Answer = await until(ended)
    return result


async def upload(api: httpx.AsyncClient, space: str, content: bytes) -> str:
    asked = {"space": space, "name": "in.wav", "content_type": "audio/wav", "size": len(content)}
    begun = (await api.post("/v1/uploads", json=asked)).json()
    form = {"data": begun["fields"], "files": {"file": ("x", content)}}
    assert (await api.post(begun["url"], **form)).status_code == 204
    return str(begun["upload_id"])


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
