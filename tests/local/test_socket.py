import time

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from infra.local.spaces import create_space
from tests.local.support.connections import Link, dial
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


def test_ping_is_answered_by_nobody_and_the_link_stays(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()

    with dial(deployed_cloud, space) as link:
        link.tell({"action": "ping"})

        assert link.register(space.space)["action"] == "registered"


@pytest.mark.parametrize(
    ("text", "error_type"),
    [
        ('{"action":"dance"}', "unknown_action"),
        ('{"action":"register","spaces":[]}', "malformed_message"),
        ('{"action":"result","request_id":7,"attempt":1}', "malformed_message"),
        ('{"no":"action"}', "unknown_action"),
        ("not JSON", "malformed_message"),
    ],
)
def test_a_bad_message_is_answered_and_the_link_stays(
    text: str, error_type: str, deployed_cloud: DeployedCloud
) -> None:
    space = deployed_cloud.create_space()

    with dial(deployed_cloud, space) as link:
        link.socket.send(text)
        answer = link.hear()

        assert answer["action"] == "error"
        assert answer["error_type"] == error_type
        assert link.register(space.space)["action"] == "registered"


def test_a_request_travels_to_the_worker_and_its_result_back(
    deployed_cloud: DeployedCloud,
) -> None:
    space = deployed_cloud.create_space()
    requests = f"{deployed_cloud.api_url}/v1/spaces/{space.space}/requests"

    with dial(deployed_cloud, space) as link, httpx.Client(trust_env=False, timeout=20) as http:
        link.register(space.space)
        accepted = http.post(requests, json={"input": {"prompt": "Hello"}})
        request = link.hear()
        ack = link.ask(
            {
                "action": "result",
                "request_id": request["request_id"],
                "attempt": request["attempt"],
                "status": "completed",
                "output": {"text": "World"},
                "confidence": 0.5,
            }
        )
        result = http.get(f"{requests}/{request['request_id']}")

    assert accepted.status_code == 202
    assert request["input"] == {"prompt": "Hello"}
    assert request["request_id"] == accepted.json()["request_id"]
    assert (ack["action"], ack["status"]) == ("ack", "stored")
    assert result.status_code == 200
    assert result.json()["status"] == "COMPLETED"
    assert result.json()["output"]["text"] == "World"


@pytest.mark.parametrize("characters", [3_000, 100_000])
def test_a_long_result_comes_back_whole(characters: int, deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    requests = f"{deployed_cloud.api_url}/v1/spaces/{space.space}/requests"
    text = "".join(chr(0x21 + (i * i + i // 7) % 90) for i in range(characters))

    with dial(deployed_cloud, space) as link, httpx.Client(trust_env=False, timeout=20) as http:
        link.register(space.space)
        http.post(requests, json={"input": {"prompt": "Long"}})
        request = link.hear()
        answer = {"status": "completed", "output": {"text": text}}
        link.ask({"action": "result", **_named(request), **answer})
        result = http.get(f"{requests}/{request['request_id']}")

    assert result.json()["output"]["text"] == text


def test_progress_is_seen_by_who_asks(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    requests = f"{deployed_cloud.api_url}/v1/spaces/{space.space}/requests"

    with dial(deployed_cloud, space) as link, httpx.Client(trust_env=False, timeout=20) as http:
        link.register(space.space)
        http.post(requests, json={"input": {"prompt": "Slow"}})
        request = link.hear()
        link.tell({"action": "progress", **_named(request), "percent": 40, "message": "nearly"})
        progress = _progress_of(http, f"{requests}/{request['request_id']}/status")

    assert (progress["percent"], progress["message"]) == (40, "nearly")


def _named(request: dict[str, object]) -> dict[str, object]:
    return {"request_id": request["request_id"], "attempt": request["attempt"]}


def _progress_of(http: httpx.Client, url: str) -> dict[str, object]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if progress := http.get(url).json()["progress"]:
            return dict(progress)
        time.sleep(0.1)
    raise AssertionError("no progress was seen")


def flood(link: Link, action: str) -> None:
    """Send far more messages than a worker has a reason to, and listen until the end."""
    for _ in range(60):
        link.tell({"action": action})
        time.sleep(0.05)
    while True:
        link.hear()


@pytest.mark.parametrize("action", ["drain", "dance"])
def test_a_connection_that_floods_is_closed_and_others_stay(
    action: str, deployed_cloud: DeployedCloud
) -> None:
    space = deployed_cloud.create_space()

    with (
        dial(deployed_cloud, space, "honest") as honest,
        dial(deployed_cloud, space, "flooding") as flooding,
    ):
        honest.register(space.space)
        with pytest.raises(ConnectionClosed):
            flood(flooding, action)

        assert honest.register(space.space)["action"] == "registered"


def test_uploads_are_counted_by_number(deployed_cloud: DeployedCloud) -> None:
    few = {"requests_per_minute": 1, "max_waiting": None, "upload_bytes_per_day": None}
    name = f"upl-{time.time_ns() % 10**9}"
    create_space(deployed_cloud.cloud, name, features=["prompt", "file"], anonymous_limits=few)
    wanted = {"space": name, "name": "a.txt", "content_type": "text/plain", "size": 1}

    with httpx.Client(base_url=deployed_cloud.api_url, trust_env=False, timeout=20) as http:
        statuses = [http.post("/v1/uploads", json=wanted).status_code for _ in range(25)]

    assert statuses.count(201) <= 20  # the minute may end meanwhile
    assert statuses[0] == 201
    assert 429 in statuses
