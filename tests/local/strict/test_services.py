"""Services that refuse, throttle, forget and lose answers, behind the strict edge."""

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from string import ascii_letters, digits
from typing import Any

import httpx
import pytest

from infra.local.status import LocalSpace
from tests.local.support.connections import Link, Message, dial
from tests.local.support.strict_cloud import REPEATED_AFTER_SECONDS, StrictCloud

BUSY_SECONDS = 20
"""How long a busy machine may take to start a function."""
LETTERS = ascii_letters + digits + "!#$%&()*+,-./:;<=>?@[]^_{|}~"

pytestmark = [pytest.mark.local, pytest.mark.strict, pytest.mark.timeout(240)]


def submit(http: httpx.Client, space: LocalSpace, **given: Any) -> httpx.Response:
    return http.post(f"/v1/spaces/{space.space}/requests", json={"input": {"prompt": "x", **given}})


@pytest.mark.parametrize(
    ("kind", "services"),
    [
        ("throttled", ["Scheduler"]),
        ("answer lost", ["Scheduler"]),
        ("server error", ["Scheduler", "Lambda"]),  # Lambda would start the sweep instead
    ],
)
def test_no_trouble_of_the_scheduler_fails_a_submit(
    strict: StrictCloud, space: LocalSpace, http: httpx.Client, kind: str, services: list[str]
) -> None:
    strict.faults.calls += [(service, kind) for service in services for _ in range(9)]

    accepted = submit(http, space)
    strict.faults.calls.clear()

    assert accepted.status_code == 202, accepted.text
    with dial(strict, space) as link:
        link.register(space.space)
        assert link.hear()["request_id"] == accepted.json()["request_id"]


def test_the_sweep_ends_what_nobody_asks_for(strict: StrictCloud, http: httpx.Client) -> None:
    space = strict.create_space(timeout_seconds=3)
    with dial(strict, space) as link:
        link.register(space.space)
        accepted = submit(http, space).json()
        assert link.hear()["request_id"] == accepted["request_id"]

        cancel = _next(link, "cancel")

    assert (cancel["request_id"], cancel["reason"]) == (accepted["request_id"], "timed_out")


def test_a_request_of_a_vanished_worker_goes_to_the_next_one(
    strict: StrictCloud, space: LocalSpace, http: httpx.Client
) -> None:
    known = set(strict.edge.sockets.connection_ids)
    with dial(strict, space, "first") as first:
        assert first.register(space.space)["accepted"]
        (vanished,) = set(strict.edge.sockets.connection_ids) - known
        accepted = submit(http, space).json()
        assert first.hear()["request_id"] == accepted["request_id"]
        strict.edge.sockets.vanish(vanished)

    with dial(strict, space, "second") as second:
        second.register(space.space)
        request = _next(second, "request")

    assert (request["request_id"], request["attempt"]) == (accepted["request_id"], 2)


def test_sweeps_go_on_while_the_scheduler_fails(strict: StrictCloud, http: httpx.Client) -> None:
    """No timer can be armed and nobody polls: sweeps that Lambda starts and repeats do it all."""
    shared = strict.create_space(max_workers=2)
    hasty = strict.create_space(timeout_seconds=3)
    known = set(strict.edge.sockets.connection_ids)
    with ExitStack() as links:
        first = links.enter_context(dial(strict, shared, "first"))
        assert first.register(shared.space)["accepted"]
        (vanished,) = set(strict.edge.sockets.connection_ids) - known
        second = links.enter_context(dial(strict, shared, "second"))
        silent = links.enter_context(dial(strict, hasty, "silent"))
        links.callback(strict.faults.calls.clear)
        strict.faults.calls += [("Scheduler", "throttled")] * 999
        accepted = submit(http, shared).json()
        late = submit(http, hasty).json()
        assert first.hear()["request_id"] == accepted["request_id"]
        strict.edge.sockets.vanish(vanished)
        assert second.register(shared.space)["accepted"]
        assert silent.register(hasty.space)["accepted"]

        cancel = _next(silent, "cancel", REPEATED_AFTER_SECONDS + BUSY_SECONDS)
        request = _next(second, "request", 3 * REPEATED_AFTER_SECONDS + BUSY_SECONDS)

    assert (request["request_id"], request["attempt"]) == (accepted["request_id"], 2)
    assert (cancel["request_id"], cancel["reason"]) == (late["request_id"], "timed_out")


def _next(link: Link, action: str, seconds: float = 70) -> Message:
    while (message := link.hear(seconds))["action"] != action:
        pass
    return message


def test_an_answer_that_s3_deleted_early_is_no_longer_kept(
    strict: StrictCloud, space: LocalSpace, http: httpx.Client
) -> None:
    with dial(strict, space) as link:
        link.register(space.space)
        accepted = submit(http, space).json()
        request = link.hear()
        text = "".join(random.Random(1).choices(LETTERS, k=100_000))  # compressed, 70 KB
        told = {"request_id": request["request_id"], "attempt": request["attempt"]}
        result = {"action": "result", **told, "status": "completed", "output": {"text": text}}
        link.socket.send(batched(json.dumps(result), 30_000))
        assert link.hear()["action"] == "ack"
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


def batched(text: str, size: int) -> Iterator[str]:
    """Yield a text in frames that API Gateway takes."""
    return (text[at : at + size] for at in range(0, len(text), size))


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
