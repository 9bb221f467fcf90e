"""Many at the same moment: one administrator wins, one limit holds, no promise is broken."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from typing import Any

import httpx
import pytest

from infra.local.people import create_person
from tests.local.support.access_matrix import bearer
from tests.local.support.sign_in import http, sign_in
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

AT_ONCE = 10
"""The emulator starts a process for each call that finds none free."""

Send = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def send(deployed_cloud: DeployedCloud) -> Send:
    """Sends a call as an administrator, each on a connection of its own."""
    person = create_person(deployed_cloud.cloud, f"admin-{token_hex(3)}", administrator=True)
    headers = dict(bearer(sign_in(deployed_cloud, person).access))

    def call(method: str, path: str, body: Any = None) -> httpx.Response:
        url = f"{deployed_cloud.api_url}/v1/admin/{path}"
        with http() as client:
            return client.request(method, url, json=body, headers=headers, timeout=120)

    return call


def test_of_twenty_creations_of_one_name_one_wins(send: Send) -> None:
    name = f"race-{token_hex(3)}"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        bodies = [{"space": name, "title": f"By {i}"} for i in range(20)]
        answers = list(pool.map(lambda body: send("POST", "spaces", body), bodies))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    (won,) = (answer.json() for answer in answers if answer.status_code == 201)
    lost = {answer.json()["error_type"] for answer in answers if answer.status_code == 409}
    assert lost == {"space_exists"}
    assert send("GET", f"spaces/{name}").json()["title"] == won["title"]


def test_two_administrators_do_not_overwrite_each_other(send: Send) -> None:
    name = f"edited-{token_hex(3)}"
    read = send("POST", "spaces", {"space": name, "title": "First"}).json()

    mine = send("PUT", f"spaces/{name}", {**read, "title": "Mine"})
    theirs = send("PUT", f"spaces/{name}", {**read, "description": "Theirs"})

    assert mine.status_code == 200
    assert theirs.status_code == 409
    assert theirs.json()["error_type"] == "edit_conflict"
    assert theirs.json()["current"] == send("GET", f"spaces/{name}").json()
    assert theirs.json()["current"]["title"] == "Mine"


def test_of_ten_edits_of_one_version_one_wins(send: Send) -> None:
    name = f"edited-{token_hex(3)}"
    read = send("POST", "spaces", {"space": name, "title": "First"}).json()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        bodies = [{**read, "title": f"Edit {i}"} for i in range(10)]
        answers = list(pool.map(lambda body: send("PUT", f"spaces/{name}", body), bodies))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert send("GET", f"spaces/{name}").json()["title"] == won["title"]


@pytest.mark.parametrize(
    ("limits", "let_in"),
    [
        ({"requests_per_minute": 100, "max_waiting": 5}, 5),
        ({"requests_per_minute": 5, "max_waiting": 100}, None),
    ],
)
def test_of_twenty_submits_at_a_limit_no_more_are_let_in(
    limits: dict[str, int], let_in: int | None, send: Send, deployed_cloud: DeployedCloud
) -> None:
    """All of them may see the same count before any has added to it."""
    name = f"full-{token_hex(3)}"
    send("POST", "spaces", {"space": name, "anonymous_limits": limits})

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: submit(deployed_cloud, name), range(20)))

    told = Counter(answer.status_code for answer in answers)
    assert set(told) == {202, 429}
    if let_in is None:  # minutes may end between them, and each has its own count
        minutes = Counter(
            answer.json()["created_at"][:16] for answer in answers if answer.is_success
        )
        assert max(minutes.values()) == 5
    else:
        assert told[202] == let_in
    assert all(int(a.headers["retry-after"]) > 0 for a in answers if a.status_code == 429)
    shown = send("GET", f"spaces/{name}/activity").json()
    assert shown["queue_length"] == told[202]


def test_what_is_promised_while_a_space_is_deleted_ends(
    send: Send, deployed_cloud: DeployedCloud
) -> None:
    name = f"going-{token_hex(3)}"
    unlimited = dict.fromkeys(("requests_per_minute", "max_waiting"))
    send("POST", "spaces", {"space": name, "anonymous_limits": unlimited})

    def step(number: int) -> httpx.Response:
        if number == 12:
            return send("DELETE", f"spaces/{name}?version=1")
        return submit(deployed_cloud, name)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(step, range(30)))
    while send("DELETE", f"spaces/{name}?version=1").json().get("left"):
        pass

    told = Counter(answer.status_code for answer in answers)
    assert set(told) <= {200, 202, 404, 409}, told
    assert send("GET", f"spaces/{name}").status_code == 404
    for answer in answers:
        if answer.status_code == 202:
            status = submitted_status(deployed_cloud, answer.json()["status_url"])
            assert status["status"] == "CANCELLED"


def submit(cloud: DeployedCloud, space: str) -> httpx.Response:
    with http() as client:
        url = f"{cloud.api_url}/v1/spaces/{space}/requests"
        return client.post(url, json={"input": {"prompt": "Now."}}, timeout=120)


def submitted_status(cloud: DeployedCloud, path: str) -> dict[str, Any]:
    with http() as client:
        status: dict[str, Any] = client.get(f"{cloud.api_url}{path}").json()
        return status
