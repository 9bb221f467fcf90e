"""Administration over the deployed gateway, IAM on: what it changes reaches workers and people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from infra.local.people import create_person
from infra.local.status import LocalSpace
from tests.local.support.connections import Link, dial
from tests.local.support.sign_in import http, sign_in
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


@dataclass(frozen=True)
class Office:
    """REST calls of a person."""

    client: httpx.Client

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        answer = self.client.request(method, f"/v1{path}", json=body, params=query)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@contextmanager
def office(cloud: DeployedCloud, *, administrator: bool) -> Iterator[Office]:
    name = f"{'admin' if administrator else 'user'}-{token_hex(3)}"
    person = create_person(cloud.cloud, name, administrator=administrator)
    access = sign_in(cloud, person).access
    headers = {"Authorization": f"Bearer {access}"}
    with httpx.Client(
        base_url=cloud.api_url, headers=headers, trust_env=False, timeout=30
    ) as client:
        yield Office(client)


@pytest.fixture(scope="module")
def ada(deployed_cloud: DeployedCloud) -> Iterator[Office]:
    with office(deployed_cloud, administrator=True) as person:
        yield person


@pytest.fixture(scope="module")
def ulla(deployed_cloud: DeployedCloud) -> Iterator[Office]:
    with office(deployed_cloud, administrator=False) as person:
        yield person


@pytest.fixture
def space(ada: Office) -> str:
    name = f"test-{token_hex(4)}"
    ada.ask("POST", "/admin/spaces", {"space": name, "visibility": "members"})
    return name


@pytest.fixture
def link(deployed_cloud: DeployedCloud, ada: Office, space: str) -> Iterator[Link]:
    made = ada.ask("POST", "/admin/tokens", {"spaces": [space]})
    with dial(deployed_cloud, LocalSpace(space=space, worker_token=made["token"])) as socket:
        assert socket.register(space)["accepted"][0]["space"] == space
        yield socket


def test_what_is_administered_reaches_worker_and_visitor(
    ada: Office, ulla: Office, space: str, link: Link
) -> None:
    accepted = ulla.ask("POST", f"/me/spaces/{space}/requests", {"input": {"prompt": "hi"}})
    handed = link.hear()
    assert handed["request_id"] == accepted["request_id"]
    (worker,) = [
        each
        for each in ada.ask("GET", "/admin/workers")["workers"]
        if each["spaces"] and each["spaces"][0]["space"] == space
    ]
    assert worker["spaces"][0]["running"][0]["request_id"] == accepted["request_id"]
    path = f"/admin/workers/{worker['connection_id']}"
    ada.ask("POST", f"{path}/notice", {"text": "Hello, operator."})
    assert link.hear() == {"action": "notice", "text": "Hello, operator."}
    ada.ask("POST", f"{path}/pause")
    answer = {"request_id": handed["request_id"], "attempt": 1, "status": "completed"}
    assert link.ask({"action": "result", **answer, "output": {"text": "ho"}})["action"] == "ack"
    waiting = ulla.ask("POST", f"/me/spaces/{space}/requests", {"input": {"prompt": "again"}})
    assert waiting["queue_reason"] == "paused"
    ada.ask("POST", f"{path}/resume")
    assert link.hear()["request_id"] == waiting["request_id"]

    shown = ulla.ask("GET", "/me/requests")["requests"]
    assert [each["prompt"] for each in shown] == ["again", "hi"]
    ulla.ask("DELETE", f"/me/requests/{accepted['request_id']}")
    listed = ada.ask("GET", "/admin/requests", space=space)["requests"]
    assert [each["status"] for each in listed] == ["IN_PROGRESS"]
    ada.ask("POST", f"/admin/requests/{waiting['request_id']}/cancel")
    assert link.hear()["action"] == "cancel"
    ada.ask("POST", f"/admin/requests/{waiting['request_id']}/retry")
    assert link.hear()["input"]["prompt"] == "again"
    activity = ada.ask("GET", f"/admin/spaces/{space}/activity")
    assert sum(bucket["cancelled"] for bucket in activity["buckets"]) == 1
    purged = ada.ask("POST", f"/admin/spaces/{space}/purge", {"states": ["IN_PROGRESS"]})
    assert purged["count"] == 1


def test_a_revoked_token_closes_its_link_at_once_and_opens_none(
    deployed_cloud: DeployedCloud, ada: Office, space: str
) -> None:
    made = ada.ask("POST", "/admin/tokens", {"spaces": [space], "label": "soon gone"})
    rotated = ada.ask("POST", f"/admin/tokens/{made['token_id']}/rotate", {"overlap_hours": 1})
    with dial(deployed_cloud, LocalSpace(space=space, worker_token=made["token"])) as old:
        old.register(space)
    with dial(deployed_cloud, LocalSpace(space=space, worker_token=rotated["token"])) as link:
        link.register(space)
        revoked = ada.ask("DELETE", f"/admin/tokens/{made['token_id']}")

        assert revoked["closed_connections"] >= 1
        with pytest.raises(ConnectionClosed):
            link.hear(timeout=10)

    for token in (made["token"], rotated["token"]):
        with (
            pytest.raises(InvalidStatus),
            dial(deployed_cloud, LocalSpace(space=space, worker_token=token)),
        ):
            pass
    listed = {each["token_id"]: each for each in ada.ask("GET", "/admin/tokens")["tokens"]}
    assert listed[made["token_id"]]["state"] == "revoked"
    assert listed[made["token_id"]]["last_used_at"]


def test_a_space_goes_with_what_waits_there(ada: Office, ulla: Office, space: str) -> None:
    accepted = ulla.ask("POST", f"/me/spaces/{space}/requests", {"input": {"prompt": "hi"}})

    assert ada.ask("DELETE", f"/admin/spaces/{space}", version=1) == {"cancelled": 1, "left": 0}

    status = ulla.client.get(accepted["status_url"]).json()
    assert status["status"] == "CANCELLED"
    assert ulla.client.get(f"/v1/me/spaces/{space}").status_code == 404


def test_a_picture_goes_up_and_is_seen(ada: Office, ulla: Office, space: str) -> None:
    picture = bytes.fromhex("89504e470d0a1a0a") + b"not much of a picture"
    kind = {"content_type": "image/png", "size": len(picture)}
    form = ada.ask("POST", f"/admin/spaces/{space}/cover", kind)
    with http() as client:
        sent = client.post(form["url"], data=form["fields"], files={"file": ("c.png", picture)})
        assert sent.status_code == 204, sent.text
        ada.ask("PUT", f"/admin/spaces/{space}/cover", {"upload_id": form["upload_id"]})
        seen = client.get(ulla.ask("GET", f"/me/spaces/{space}")["cover_url"])
        assert (seen.content, seen.headers["content-type"]) == (picture, "image/png")
    assert ada.ask("DELETE", f"/admin/spaces/{space}/cover")["cover_url"] is None


def test_a_key_submits_within_its_limits(
    deployed_cloud: DeployedCloud, ada: Office, space: str
) -> None:
    wanted = {"spaces": [space], "limits": {"requests_per_minute": 2}}
    made = ada.ask("POST", "/admin/keys", wanted)
    path = f"{deployed_cloud.api_url}/v1/spaces/{space}/requests"
    headers = {"Authorization": f"Bearer {made['key']}"}
    with http() as client:
        statuses = [
            client.post(path, json={"input": {"prompt": "hi"}}, headers=headers).status_code
            for _ in range(3)
        ]
        ada.ask("DELETE", f"/admin/keys/{made['key_id']}")
        statuses.append(client.get(path.removesuffix("/requests"), headers=headers).status_code)

    assert statuses == [202, 202, 429, 401]


def test_the_trail_tells_it_all_and_no_secret_is_in_any_log(
    deployed_cloud: DeployedCloud, ada: Office, space: str
) -> None:
    token = ada.ask("POST", "/admin/tokens", {"spaces": [space]})
    key = ada.ask("POST", "/admin/keys", {"spaces": [space]})

    entries = ada.ask("GET", "/admin/audit")["entries"]

    assert [(each["action"], each["outcome"]) for each in entries[:2]] == [
        ("create_key", "done"),
        ("create_token", "done"),
    ]
    logs = "".join(
        line for name in ("admin", "api", "authorize") for line in deployed_cloud.log(name)
    )
    for secret in (token["token"], key["key"]):
        assert secret not in str(entries)
        assert secret not in logs


def test_people_are_invited_and_changed(ada: Office, deployed_cloud: DeployedCloud) -> None:
    name = f"bo-{token_hex(3)}"

    def seen() -> tuple[bool, str]:
        people = ada.ask("GET", "/admin/people")["people"]
        (person,) = [each for each in people if each["user"] == name]
        return person["administrator"], "disabled" if person["disabled"] else person["state"]

    def change(action: str) -> None:
        ada.ask("POST", "/admin/people/actions", {"user": name, "action": action})

    invited = {"user": name, "email": f"{name}@example.org", "administrator": True}
    assert ada.ask("POST", "/admin/people", invited)["state"] == "invited"
    assert seen() == (True, "invited")
    change("invite_again")
    change("remove_administrator")
    assert seen() == (False, "invited")
    change("disable_user")
    assert seen() == (False, "disabled")
    change("enable_user")
    change("make_administrator")
    assert seen() == (True, "invited")
    entries = ada.ask("GET", "/admin/audit")["entries"]
    assert [each["action"] for each in entries if each["target"] == name] == [
        *("make_administrator", "enable_user", "disable_user"),
        *("remove_administrator", "invite_again", "create_user"),
    ]
