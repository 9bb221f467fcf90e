"""The connections of workers: renewed, cut, idle, silently gone, refused."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from infra.local.status import LocalSpace
from infra.local.strict_edge.rules import Unknown
from tests.local.support.connections import dial
from tests.local.support.strict_cloud import StrictCloud, warnings
from tests.local.support.worker_client import linked, result_of, submit, until

pytestmark = [pytest.mark.local, pytest.mark.strict, pytest.mark.timeout(240)]

TIMER = "spaces_worker._session.connection_timer"


class Work:
    """A function that takes its time, and the runs that began."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.runs: Counter[str] = Counter()

    async def __call__(self, prompt: str) -> str:
        self.runs[prompt] += 1
        await asyncio.sleep(self._seconds)
        return prompt


async def test_renewed_connections_are_never_cut(
    strict: StrictCloud,
    space: LocalSpace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(f"{TIMER}.RENEW_BEFORE_SECONDS", 2.0)
    strict.rules.life_seconds = 20.0  # a busy machine has 18 s for each successor's handshake
    strict.rules.parallel_runs = 100  # cold starts on a busy machine would refuse successors
    work = Work(2.0)
    async with linked(
        strict, space.worker_token, {space.space: work}, tmp_path, concurrency=2
    ) as api:
        accepted = [await submit(api, space.space, prompt=str(n)) for n in range(22)]
        results = [await result_of(api, each) for each in accepted]

    assert [each["output"]["text"] for each in results] == [str(n) for n in range(22)]
    assert set(work.runs.values()) == {1}
    assert not [each for each in warnings(caplog) if "The connection closed" in each]


async def test_a_run_outlives_the_cut_of_its_connection(
    strict: StrictCloud, space: LocalSpace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    strict.rules.life_seconds = 3.0
    work = Work(6.0)
    async with linked(strict, space.worker_token, {space.space: work}, tmp_path) as api:
        result = await result_of(api, await submit(api, space.space, prompt="long"))

    assert (result["output"]["text"], result["attempt"]) == ("long", 1)
    assert work.runs == {"long": 1}
    assert any("The connection closed (1001: Going away)" in each for each in warnings(caplog))


async def test_pings_keep_an_idle_connection(
    strict: StrictCloud,
    space: LocalSpace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(f"{TIMER}.ConnectionTimer.ping_due", lambda timer: timer._sent_at + 0.8)
    strict.rules.idle_seconds = 2.5
    async with linked(strict, space.worker_token, {space.space: Work(0)}, tmp_path) as api:
        before = strict.edge.sockets.connection_ids
        await asyncio.sleep(6)
        after = strict.edge.sockets.connection_ids
        result = await result_of(api, await submit(api, space.space, prompt="still here"))

    assert before == after
    assert result["output"]["text"] == "still here"
    assert not [each for each in warnings(caplog) if "Ignored a message" in each]


async def test_a_worker_comes_in_after_handshakes_that_api_gateway_refused(
    strict: StrictCloud, space: LocalSpace, tmp_path: Path
) -> None:
    strict.faults.handshakes += [500, 429]
    async with linked(strict, space.worker_token, {space.space: Work(0)}, tmp_path) as api:
        result = await result_of(api, await submit(api, space.space, prompt="in"))

    assert result["output"]["text"] == "in"


@pytest.mark.parametrize("unknown", [Unknown.GONE, Unknown.FORBIDDEN])
def test_a_connection_that_vanished_gives_its_place_to_the_next_worker(
    strict: StrictCloud, space: LocalSpace, unknown: Unknown
) -> None:
    strict.rules.unknown = unknown
    before = set(strict.edge.sockets.connection_ids)
    with dial(strict, space, "first") as first:
        assert first.register(space.space)["accepted"]
        (vanished,) = set(strict.edge.sockets.connection_ids) - before
        strict.edge.sockets.vanish(vanished)

        with dial(strict, space, "second") as second:
            assert second.register(space.space)["accepted"]


def test_a_worker_that_is_alive_keeps_its_place(strict: StrictCloud, space: LocalSpace) -> None:
    with dial(strict, space, "first") as first, dial(strict, space, "second") as second:
        assert first.register(space.space)["accepted"]

        refused = second.register(space.space)

        assert refused["accepted"] == []
        assert refused["rejected"][0]["reason"] == "duplicate_connection"


async def test_messages_that_no_function_took_are_sent_again(
    strict: StrictCloud, space: LocalSpace, tmp_path: Path
) -> None:
    """While ten functions run, API Gateway answers each message with an error frame."""
    work = Work(1.0)
    async with linked(strict, space.worker_token, {space.space: work}, tmp_path) as api:
        accepted = await submit(api, space.space, prompt="mine")
        await until(lambda: _began(work))
        strict.rules.parallel_runs = 0
        await asyncio.sleep(2.5)
        strict.rules.parallel_runs = 10
        result = await result_of(api, accepted)

    assert (result["output"]["text"], result["attempt"]) == ("mine", 1)
    assert work.runs == {"mine": 1}


async def _began(work: Work) -> bool:
    return bool(work.runs)
