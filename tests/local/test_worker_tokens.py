import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.local.support.connections import dial
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


def refusal(cloud: DeployedCloud, headers: dict[str, str]) -> int:
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(cloud.socket_url, additional_headers=headers, proxy=None),
    ):
        pass
    return refused.value.response.status_code


def test_a_handshake_without_a_token_is_refused(deployed_cloud: DeployedCloud) -> None:
    assert refusal(deployed_cloud, {"X-Worker-Id": "w"}) == 401


@pytest.mark.parametrize("token", ["wst_wrong", "", "wst_" + "a" * 43])
def test_a_handshake_with_a_wrong_token_is_refused(
    token: str, deployed_cloud: DeployedCloud
) -> None:
    headers = {"Authorization": f"Bearer {token}", "X-Worker-Id": "w"}

    assert refusal(deployed_cloud, headers) in {401, 403}


def test_a_handshake_of_a_browser_is_refused(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    headers = {
        "Authorization": f"Bearer {space.worker_token}",
        "X-Worker-Id": "w",
        "Origin": "https://elsewhere.example",
    }

    assert refusal(deployed_cloud, headers) == 403


def test_a_token_opens_its_own_spaces_only(deployed_cloud: DeployedCloud) -> None:
    mine, other = deployed_cloud.create_space(), deployed_cloud.create_space()

    with dial(deployed_cloud, mine) as link:
        answer = link.ask(
            {"action": "register", "session": "s", "spaces": [mine.space, other.space]}
        )

    assert [each["space"] for each in answer["accepted"]] == [mine.space]
    assert [each["space"] for each in answer["rejected"]] == [other.space]
    assert answer["rejected"][0]["reason"] == "not_allowed"
