"""Services that refuse, throttle, forget and lose answers, behind the strict edge."""

import time
from typing import Any

import httpx
import pytest

from infra.local.status import LocalSpace
from tests.local.support.connections import dial
from tests.local.support.strict_cloud import StrictCloud
from tests.local.support.waiting import until

pytestmark = [pytest.mark.local, pytest.mark.strict, pytest.mark.timeout(240)]


def submit(http: httpx.Client, space: LocalSpace, **given: Any) -> httpx.Response:
    return http.post(f"/v1/spaces/{space.space}/requests", json={"input": {"prompt": "x", **given}})


@pytest.mark.parametrize(
    "kinds", [["throttled"] * 4, ["answer lost"], ["server error"] * 4], ids=lambda kinds: kinds[0]
)
def test_no_trouble_of_the_scheduler_fails_a_submit(
    strict: StrictCloud, space: LocalSpace, http: httpx.Client, kinds: list[str]
) -> None:
    strict.faults.calls += [("Scheduler", kind) for kind in kinds]

    accepted = submit(http, space)

    assert accepted.status_code == 202, accepted.text
    with dial(strict, space) as link:
        link.register(space.space)
        assert link.hear()["request_id"] == accepted.json()["request_id"]


def test_a_request_that_nobody_takes_ends_though_nobody_polls(
    strict: StrictCloud, http: httpx.Client
) -> None:
    space = strict.create_space(queue_timeout_seconds=5)
    accepted = submit(http, space).json()
    began = time.monotonic()
    tickets = "TablesRequests"
    table = next(
        name for name in strict.cloud.aws("dynamodb").list_tables()["TableNames"] if tickets in name
    )

    def ended() -> bool:
        items = strict.cloud.aws("dynamodb").scan(TableName=table)["Items"]
        mine = [each for each in items if each["space_id"]["S"] == space.space]
        return any("ended_at" in each for each in mine)

    until(ended, "the end of the request, by the sweep")
    status = http.get(accepted["status_url"]).json()

    assert status["status"] == "TIMED_OUT"
    assert time.monotonic() - began < 5 + 10 + 59 + 10


def test_an_answer_that_s3_deleted_early_is_no_longer_kept(
    strict: StrictCloud, space: LocalSpace, http: httpx.Client
) -> None:
    with dial(strict, space) as link:
        link.register(space.space)
        accepted = submit(http, space).json()
        request = link.hear()
        text = "".join(chr(0x21 + (i * i + i // 7) % 90) for i in range(30_000))
        told = {"request_id": request["request_id"], "attempt": request["attempt"]}
        link.ask({"action": "result", **told, "status": "completed", "output": {"text": text}})
    assert http.get(accepted["response_url"]).json()["output"]["text"] == text
    _delete_objects(strict, f"results/{space.space}")

    gone = http.get(accepted["response_url"])

    assert gone.status_code == 410, gone.text


def test_a_file_that_s3_deleted_early_is_missing_at_submit(
    strict: StrictCloud, http: httpx.Client
) -> None:
    space = strict.create_space(features=["prompt", "file"], max_file_bytes=1024)
    asked = {"space": space.space, "name": "a.bin", "content_type": "a/b", "size": 4}
    begun = http.post("/v1/uploads", json=asked).json()
    stored = http.post(begun["url"], data=begun["fields"], files={"file": ("x", b"four")})
    assert stored.status_code == 204
    _delete_objects(strict, f"uploads/{space.space}")

    refused = submit(http, space, files=[{"upload_id": begun["upload_id"]}])

    assert (refused.status_code, refused.json()["error_type"]) == (422, "upload_missing")


def _delete_objects(strict: StrictCloud, prefix: str) -> None:
    s3 = strict.cloud.aws("s3")
    deleted = 0
    for bucket in s3.list_buckets()["Buckets"]:
        listed = s3.list_objects_v2(Bucket=bucket["Name"], Prefix=prefix)
        for each in listed.get("Contents", []):
            s3.delete_object(Bucket=bucket["Name"], Key=each["Key"])
            deleted += 1
    assert deleted


@pytest.mark.parametrize("kind", ["throttled", "server error", "answer lost"])
def test_a_message_to_a_worker_survives_one_fault_of_the_connections_api(
    strict: StrictCloud, space: LocalSpace, http: httpx.Client, kind: str
) -> None:
    with dial(strict, space) as link:
        link.register(space.space)
        strict.faults.calls.append(("@connections", kind))

        accepted = submit(http, space).json()

        assert link.hear()["request_id"] == accepted["request_id"]
