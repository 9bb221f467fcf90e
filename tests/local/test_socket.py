import time

import httpx
import pytest

from tests.local.support.connections import dial
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
