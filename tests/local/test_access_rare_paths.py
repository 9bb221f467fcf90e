"""Grants that only a rare path needs: each is gone once, so that it is not granted in vain."""

from collections.abc import Iterator
from secrets import token_urlsafe

import httpx
import pytest

from infra.admin.calls import Admin
from infra.local.iam_decisions import read_decisions
from infra.local.spaces import admin_of
from tests.local.support.files import post_form, send_output
from tests.local.support.grants import MOVED, Grant, used
from tests.local.support.queue_by_hand import GONE
from tests.local.support.scene import LARGE, Scene, about, hear_request, invoke
from tests.local.support.waiting import until
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

PREFIXES = ("uploads", "results")


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def admin(deployed_cloud: DeployedCloud) -> Admin:
    return admin_of(deployed_cloud.cloud)


@pytest.mark.parametrize("action", ["register", "result", "progress", "decline", "offer"])
def test_a_message_that_cannot_be_read_is_answered(
    action: str, deployed_cloud: DeployedCloud, http: httpx.Client
) -> None:
    with Scene(deployed_cloud, http) as scene:
        answer = scene.worker("by-hand").ask({"action": action, "unheard": "of", "attempt": "x"})

    assert answer["action"] == "error"
    needed = used(read_decisions(deployed_cloud.cloud))
    assert Grant(action, "execute-api:ManageConnections", "POST") in needed


def test_who_leaves_arms_the_clock_that_was_lost(
    deployed_cloud: DeployedCloud, http: httpx.Client
) -> None:
    with Scene(deployed_cloud, http) as scene:
        other, link = scene.worker("gone"), scene.worker("here")
        scene.register(other)
        scene.register(link)
        scene.submit_prompt()
        scene.go_wrong()
        link.tell({"action": "drain"})
        armed = Grant("drain", "scheduler:CreateSchedule", "clock")

        until(lambda: armed in used(read_decisions(deployed_cloud.cloud)), "an armed clock")


def test_a_link_that_turns_out_dead_at_a_submit_is_closed(
    deployed_cloud: DeployedCloud, http: httpx.Client
) -> None:
    with Scene(deployed_cloud, http) as scene:
        scene.register(scene.worker("gone"))
        scene.go_wrong()
        scene.submit_prompt()

    needed = used(read_decisions(deployed_cloud.cloud))
    assert Grant("api", "execute-api:ManageConnections", "DELETE") in needed


def test_a_paused_worker_is_handed_what_waits_when_an_administrator_resumes_it(
    deployed_cloud: DeployedCloud, http: httpx.Client, admin: Admin
) -> None:
    with Scene(deployed_cloud, http) as scene:
        other, link = scene.worker("gone"), scene.worker("here")
        scene.register(other)
        scene.submit_prompt()
        hear_request(other, with_file=False)
        scene.register(link)
        linked = admin("GET", "/workers")["workers"]
        (connection,) = [
            each["connection_id"]
            for each in linked
            if each["worker_id"] == "here" and each["spaces"][0]["space"] == scene.space.space
        ]
        admin("POST", f"/workers/{connection}/pause")
        scene.submit_file()
        scene.go_wrong()

        admin("POST", f"/workers/{connection}/resume")

        request = hear_request(link, with_file=True)
        assert http.get(request["input"]["files"][0]["url"]).content == b"four"
        assert http.get(request["input"]["body_url"]).json() == {"prompt": LARGE}
        send_output(http, request, "b.bin", "application/octet-stream", b"five")

    needed = used(read_decisions(deployed_cloud.cloud))
    assert not sorted({Grant("admin", *each) for each in MOVED} - needed)


def test_what_is_deleted_is_deleted_wherever_it_lies(
    deployed_cloud: DeployedCloud, http: httpx.Client, admin: Admin
) -> None:
    """A long prompt in the table, a long answer in the bucket, and files on both ways."""
    cloud, question = deployed_cloud.cloud, token_urlsafe(9_000)
    with Scene(deployed_cloud, http) as scene:
        link = scene.worker("here")
        scene.register(link)
        accepted = scene.submit_file(prompt=question)
        mine = hear_request(link, with_file=True)
        key = send_output(http, mine, "b.bin", "application/octet-stream", b"five")
        file = {"name": "b.bin", "content_type": "x/y", "size": 4, "key": key}
        output = {"text": token_urlsafe(84_000), "files": [file]}
        assert link.ask(about(mine, "result", status="completed", output=output))["action"] == "ack"
        too_late = about(mine, "result", status="failed", error={"message": "no"})
        assert link.ask(too_late)["action"] == "ack"
        result = http.get(f"{deployed_cloud.api_url}{accepted['response_url']}").json()
        again = admin("POST", f"/requests/{accepted['request_id']}/retry")
        repeated = hear_request(link, with_file=True)
        address = f"/v1/spaces/{scene.space.space}/requests/{accepted['request_id']}"

        deleted = http.delete(f"{deployed_cloud.api_url}{address}")

    assert (mine["input"]["prompt"], repeated["input"]["prompt"]) == (question, question)
    assert again["request_id"] == repeated["request_id"] != mine["request_id"]
    assert deleted.status_code == 204, deleted.text
    gone = [result["input"]["files"][0]["url"], result["output"]["files"][0]["url"]]
    assert [http.get(url).status_code for url in gone] == [404, 404]
    needed = used(read_decisions(cloud))
    expected = {Grant("api", "s3:DeleteObject", prefix) for prefix in PREFIXES}
    expected |= {Grant(each, "s3:GetObject", "results") for each in ("admin", "result", "api")}
    expected.add(Grant("api", "dynamodb:DeleteItem", "requests"))
    expected.add(Grant("result", "s3:DeleteObject", "outputs"))  # once it has copied the file
    assert not sorted(expected - needed)


def test_who_is_shut_out_in_the_middle_of_a_handshake_leaves_no_record(
    deployed_cloud: DeployedCloud,
) -> None:
    """As API Gateway calls it: the authorizer let the worker in, then its token was revoked."""
    authorizer = {"worker_id": "late", "token_id": "t", "token_digest": "0" * 64, "spaces": "a"}
    context = {"connectionId": GONE, "connectedAt": 1, "requestId": "r", "authorizer": authorizer}

    answer = invoke(deployed_cloud.cloud, "connect", {"requestContext": context})

    assert answer["statusCode"] == 403
    needed = used(read_decisions(deployed_cloud.cloud))
    assert Grant("connect", "dynamodb:DeleteItem", "connections") in needed


def test_administrators_see_a_space_s_picture_by_its_address(
    deployed_cloud: DeployedCloud, http: httpx.Client, admin: Admin
) -> None:
    space, picture = deployed_cloud.create_space().space, bytes.fromhex("89504e470d0a1a0a") + b"-"
    kind = {"content_type": "image/png", "size": len(picture)}
    form = admin("POST", f"/spaces/{space}/cover", kind)
    assert post_form(http, form["url"], form["fields"], picture).status_code == 204
    admin("PUT", f"/spaces/{space}/cover", {"upload_id": form["upload_id"]})

    seen = http.get(admin("GET", f"/spaces/{space}")["cover_url"])

    assert seen.content == picture
    assert Grant("admin", "s3:GetObject", "covers") in used(read_decisions(deployed_cloud.cloud))
