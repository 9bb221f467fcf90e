"""Whoever moves a queue on may do all that it takes then: each grant has a path that needs it."""

import time
from collections.abc import Iterator

import httpx
import pytest

from infra.local.iam_decisions import read_decisions
from tests.local.support.connections import Link
from tests.local.support.files import send_output
from tests.local.support.grants import MOVED, MOVERS, Grant, used
from tests.local.support.scene import LARGE, Scene, about, hear_request, invoke
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


def by_register(scene: Scene, link: Link) -> None:
    scene.submit_file()
    scene.go_wrong()
    scene.register(link)


def by_result(scene: Scene, link: Link) -> None:
    scene.register(link)
    scene.submit_prompt()
    mine = hear_request(link, with_file=False)
    scene.submit_file()
    scene.go_wrong()
    link.tell(about(mine, "result", status="completed", output={"text": "b"}))


def by_progress(scene: Scene, link: Link) -> None:
    scene.register(link)
    scene.submit_prompt()
    mine = hear_request(link, with_file=False)
    scene.submit_file()
    scene.go_wrong()
    link.tell(about(mine, "progress", percent=50))


def by_decline(scene: Scene, link: Link) -> None:
    scene.register(link)
    scene.submit_prompt()
    hear_request(link, with_file=False)
    unwilling = scene.worker("unwilling")
    scene.register(unwilling)
    scene.submit_file()
    mine = hear_request(unwilling, with_file=True)
    scene.go_wrong()
    unwilling.tell(about(mine, "decline", slots={"count": 0, "order": 0}))


def by_offer(scene: Scene, link: Link) -> None:
    scene.register(link)
    none = {"action": "offer", "space": scene.space.space, "slots": {"count": 0, "order": 0}}
    assert link.ask(none)["action"] == "offered"
    scene.submit_file()
    scene.go_wrong()
    link.tell({**none, "slots": {"count": 1, "order": 1}})


def by_sweep(scene: Scene, link: Link) -> None:
    scene.register(link)
    scene.submit_prompt()
    hear_request(link, with_file=False)
    scene.submit_file()
    scene.go_wrong()
    fired = {"space": scene.space.space, "at": round(time.time() * 1000)}
    invoke(scene.cloud.cloud, "sweep", fired)


def by_wait(scene: Scene, link: Link) -> None:
    scene.register(link)
    scene.submit_prompt()
    hear_request(link, with_file=False)
    accepted = scene.submit_file()
    scene.go_wrong()
    waited = scene.http.get(f"{scene.cloud.api_url}{accepted['response_url']}/wait?seconds=1")
    assert waited.status_code == 202, waited.text


def by_stream(scene: Scene, link: Link) -> None:
    scene.register(link)
    scene.submit_prompt()
    hear_request(link, with_file=False)
    accepted = scene.submit_file()
    scene.go_wrong()
    path = accepted["response_url"].removeprefix("/v1")
    with scene.http.stream("GET", f"{scene.cloud.status.stream_url}{path}") as streamed:
        assert next(streamed.iter_lines()) == "event: status"


BY = {
    "register": by_register,
    "result": by_result,
    "progress": by_progress,
    "decline": by_decline,
    "offer": by_offer,
    "sweep": by_sweep,
    "wait": by_wait,
    "stream": by_stream,
}


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as client:
        yield client


def test_every_mover_has_a_scene() -> None:
    assert set(BY) == set(MOVERS.split())


@pytest.mark.parametrize("function", BY)
def test_whatever_went_wrong_a_request_with_a_file_is_handed_over(
    function: str, deployed_cloud: DeployedCloud, http: httpx.Client
) -> None:
    with Scene(deployed_cloud, http) as scene:
        other, link = scene.worker("gone"), scene.worker("here")
        scene.register(other)
        scene.submit_prompt()
        hear_request(other, with_file=False)

        BY[function](scene, link)

        request = hear_request(link, with_file=True)
        fetched = http.get(request["input"]["files"][0]["url"])
        asked = http.get(request["input"]["body_url"]).json()
        send_output(http, request, "b.bin", "application/octet-stream", b"five")

    assert (fetched.content, asked) == (b"four", {"prompt": LARGE})
    needed = used(read_decisions(deployed_cloud.cloud))
    assert not {Grant(function, *each) for each in MOVED} - needed
