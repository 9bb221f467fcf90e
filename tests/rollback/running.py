"""Requests that run at a worker while the version under them is replaced."""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial

import httpx

from infra.admin import admin_client
from infra.local.spaces import admin_of
from infra.outputs import stack_outputs
from spaces_protocol.limits import MAX_CAPACITY
from spaces_worker import Worker
from tests.rollback.contents import RUNNING, SERVICE
from tests.rollback.stage import Stage
from tests.rollback.version import Failed

_SECONDS = 120
_TIMEOUT_SECONDS = 3_600


class RunningRequests:
    """As many requests as a worker can run: their rows in the queue are long enough to be packed.

    Attributes:
        addresses: addresses of the results, by prompt.
    """

    def __init__(self, stage: Stage, name: str) -> None:
        self.addresses: dict[str, str] = {}
        self._stage, self._space = stage, f"{name}{RUNNING}"
        self._outputs = stack_outputs(stage.cloud.aws("cloudformation"), SERVICE)
        self._started: set[str] = set()
        self._may_end = threading.Event()
        self._worker = self._new_worker()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._worker.serve()))

    def begin(self) -> None:
        """Submit them and wait until all run.

        Raises:
            Failed: some do not.
        """
        self._thread.start()
        with self._api() as api:
            for number in range(MAX_CAPACITY):
                prompt = f"{self._space} {number}"
                sent = {"input": {"prompt": prompt}}
                response = api.post(f"/v1/spaces/{self._space}/requests", json=sent)
                if response.status_code != 202:
                    raise Failed(f"a submit to {self._space} was refused: {response.text}")
                self.addresses[prompt] = response.json()["response_url"]
        _wait(lambda: len(self._started) == MAX_CAPACITY, f"{self._space}: not all run")

    def end(self) -> None:
        """Let the worker answer, and read every result.

        Raises:
            Failed: a request was lost.
        """
        self._may_end.set()
        with self._api() as api:
            for prompt, address in self.addresses.items():
                _wait(partial(_has_ended, api, address), f"{address}: no result")
                result = api.get(address).json()
                if (result.get("output") or {}).get("text") != f"answer to {prompt}":
                    raise Failed(f"a request that ran ended as {result}")

    def stop(self) -> None:
        """End the worker."""
        self._may_end.set()
        self._worker.stop()
        if self._thread.is_alive():
            self._thread.join()

    def _api(self) -> httpx.Client:
        return httpx.Client(base_url=self._outputs["ApiUrl"], timeout=60, trust_env=False)

    def _new_worker(self) -> Worker:
        admin, space = admin_of(self._stage.cloud), self._space
        limits = {"requests_per_minute": None, "max_waiting": None}
        admin_client.create_space(
            admin, space, timeout_seconds=_TIMEOUT_SECONDS, anonymous_limits=limits
        )
        self._stage.tokens[space] = admin_client.create_token(admin, [space], label=space)
        worker = Worker(
            url=self._outputs["SocketUrl"],
            token=self._stage.tokens[space],
            worker_id=space,
            concurrency=MAX_CAPACITY,
            state_dir=self._stage.folder / space,
        )

        def answer(prompt: str) -> str:
            self._started.add(prompt)
            self._may_end.wait()
            return f"answer to {prompt}"

        worker.space(space)(answer)
        return worker


def _has_ended(api: httpx.Client, address: str) -> bool:
    return api.get(address).status_code == 200


def _wait(seen: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while not seen():
        if time.monotonic() > deadline:
            raise Failed(f"{otherwise} after {_SECONDS} s")
        time.sleep(0.3)
