"""Uses a deployed stage as people, programs and workers do."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx

from infra.admin import admin_client
from infra.local.cloud import LocalCloud
from infra.local.spaces import admin_of
from infra.outputs import stack_outputs
from infra.user_pool import UserPool, new_password
from spaces_worker import Worker
from tests.rollback.contents import DATA, SERVICE
from tests.rollback.version import Failed

_SECONDS = 60
_UNLIMITED = {"anonymous_limits": {"requests_per_minute": None, "upload_bytes_per_day": None}}


@dataclass
class Stage:
    """A deployed stage, and what was put into it.

    Attributes:
        cloud: the local cloud that it is in.
        folder: a folder for the worker.
        tokens: worker tokens by space.
        answered: addresses of results, and their texts.
        waiting: addresses of requests that no worker has taken, with space and prompt.
    """

    cloud: LocalCloud
    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[str, str, str]] = field(default_factory=list)

    def use(self, name: str) -> None:
        """Create a space, a user, a file and requests; read everything of before.

        Args:
            name: names what is created.

        Raises:
            Failed: something of before is lost, or something does not work.
        """
        asyncio.run(self._use(name))

    def finish(self) -> None:
        """Let a worker answer what waits.

        Raises:
            Failed: a request has no answer.
        """
        asyncio.run(self._answer_waiting())

    async def _use(self, name: str) -> None:
        self._create_person(name)
        space, idle = f"{name}-busy", f"{name}-idle"
        for each in (space, idle):
            fields = {**_UNLIMITED, "features": ["prompt", "audio"], "max_files": 1}
            admin_client.create_space(admin_of(self.cloud), each, **fields)
            self.tokens[each] = admin_client.create_token(admin_of(self.cloud), [each], label=name)
        async with self._api() as api:
            await self._check_answers(api)
            known = {each["space"] for each in (await api.get("/v1/spaces")).json()["spaces"]}
            if lost := self.tokens.keys() - known:
                raise Failed(f"spaces are gone: {', '.join(sorted(lost))}")
            busy = [each for each in self.tokens if each.endswith("-busy")]
            asked = [await self._submit(api, each, f"{name} asks {each}") for each in busy]
            await self._answer(api, asked)
            self.waiting.append(await self._submit(api, idle, f"{name} waits"))

    async def _answer_waiting(self) -> None:
        async with self._api() as api:
            await self._answer(api, self.waiting)
            await self._check_answers(api)

    def _api(self) -> httpx.AsyncClient:
        outputs = stack_outputs(self.cloud.aws("cloudformation"), SERVICE)
        return httpx.AsyncClient(base_url=outputs["ApiUrl"], timeout=_SECONDS, trust_env=False)

    def _create_person(self, name: str) -> None:
        outputs = stack_outputs(self.cloud.aws("cloudformation"), DATA)
        pool = UserPool(self.cloud.aws("cognito-idp"), outputs["UserPoolId"])
        pool.create(name, new_password(), must_change=False)
        pool.make_administrator(name)

    async def _submit(
        self, api: httpx.AsyncClient, space: str, prompt: str
    ) -> tuple[str, str, str]:
        upload = {"space": space, "name": "in.wav", "content_type": "audio/wav", "size": 1000}
        begun = (await api.post("/v1/uploads", json=upload)).json()
        form = {"data": begun["fields"], "files": {"file": ("x", b"x" * 1000)}}
        (await api.post(begun["url"], **form)).raise_for_status()
        files = [{"upload_id": begun["upload_id"]}]
        sent = {"input": {"prompt": prompt, "files": files}}
        response = await api.post(f"/v1/spaces/{space}/requests", json=sent)
        if response.status_code != 202:
            raise Failed(f"a submit to {space} was refused: {response.text}")
        return response.json()["response_url"], space, prompt

    async def _answer(self, api: httpx.AsyncClient, asked: list[tuple[str, str, str]]) -> None:
        """Let one worker for each space answer, with a worker token of its own."""
        spaces = {space for _, space, _ in asked}
        workers = [self._worker(space) for space in spaces]
        tasks = [asyncio.create_task(worker.serve()) for worker in workers]
        try:
            for address, space, prompt in asked:
                text = await self._result(api, address)
                if text != f"answer to {prompt}":
                    raise Failed(f"a request of {space} got {text!r}")
                self.answered[address] = text
        finally:
            for worker in workers:
                worker.stop()
            await asyncio.gather(*tasks)

    def _worker(self, space: str) -> Worker:
        outputs = stack_outputs(self.cloud.aws("cloudformation"), SERVICE)
        worker = Worker(
            url=outputs["SocketUrl"],
            token=self.tokens[space],
            worker_id=f"rollback-{token_hex(4)}",
            state_dir=self.folder / space,
        )

        async def answer(prompt: str) -> str:
            return f"answer to {prompt}"

        worker.space(space)(answer)
        return worker

    async def _result(self, api: httpx.AsyncClient, address: str) -> str:
        deadline = asyncio.get_running_loop().time() + _SECONDS
        while asyncio.get_running_loop().time() < deadline:
            response = await api.get(address)
            if response.status_code == 200:
                return _text(response.json())
            await asyncio.sleep(0.3)
        raise Failed(f"{address} has no result after {_SECONDS} s: {response.text}")

    async def _check_answers(self, api: httpx.AsyncClient) -> None:
        for address, text in self.answered.items():
            response = await api.get(address)
            if response.status_code != 200 or _text(response.json()) != text:
                raise Failed(f"the result {address} is lost: {response.text}")


def _text(result: dict[str, Any]) -> str:
    return str((result.get("output") or {}).get("text"))
