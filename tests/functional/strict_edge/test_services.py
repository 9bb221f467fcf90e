"""What Scheduler, S3, Lambda, the HTTP API and CloudFront answer."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from infra.local.strict_edge.http_messages import respond
from tests.functional.strict_edge.conftest import until

MEGABYTE = 1024 * 1024
HTTP = "/_aws/execute-api/http01/v1/spaces"


def at(seconds):
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return {"ScheduleExpression": f"at({moment:%Y-%m-%dT%H:%M:%S})", "Target": {}}


@pytest.mark.parametrize(("seconds", "status"), [(-1, 400), (2, 400), (15, 200)])
async def test_a_schedule_in_the_past_of_the_schedulers_clock_is_refused(scene, seconds, status):
    scene.rules.clock_ahead_seconds = 5

    response = await scene.call("POST", "/schedules/a-1", "scheduler", json=at(seconds))

    assert response.status_code == status
    if status == 400:
        assert response.headers["x-amzn-errortype"] == "ValidationException"
        assert scene.emulator.schedules == []


async def test_schedules_fire_up_to_59_seconds_late(scene):
    asked = at(20)
    for number in range(10):
        await scene.call("POST", f"/schedules/a-{number}", "scheduler", json=asked)

    moved = [body for method, body in scene.emulator.schedules if method == "PUT"]
    moments = [each["ScheduleExpression"] for each in moved]
    bound = datetime.now(UTC) + timedelta(seconds=20 + 59)
    assert len(moments) == 10
    assert len(set(moments)) > 3
    assert asked["ScheduleExpression"] <= min(moments)
    assert max(moments) <= f"at({bound:%Y-%m-%dT%H:%M:%S})"


async def test_the_scheduler_throttles_and_loses_answers(scene):
    scene.faults.calls += [("Scheduler", "throttled"), ("Scheduler", "answer lost")]

    throttled = await scene.call("POST", "/schedules/a", "scheduler", json=at(20))
    with pytest.raises(httpx.RemoteProtocolError):
        await scene.call("POST", "/schedules/a", "scheduler", json=at(20))

    assert throttled.status_code == 429
    assert [method for method, _ in scene.emulator.schedules] == ["POST", "PUT"]


MISSING = respond(404, "Not Found", b"<Error><Code>NoSuchKey</Code></Error>")


@pytest.mark.parametrize(
    ("key", "query", "status"),
    [
        ("ASIAFUNCTION", "", 403),
        ("ASIAFUNCTION", "?uploadId=x", 404),
        ("test", "", 404),  # the deployer may list
    ],
)
async def test_a_missing_object_is_forbidden_to_who_may_not_list(scene, key, query, status):
    scene.emulator.answers = lambda _request: MISSING

    got = await scene.call("GET", f"/bucket/a{query}", "s3", key=key)

    assert got.status_code == status
    assert ("AccessDenied" in got.text) == (status == 403)


async def test_a_presigned_url_of_a_missing_object_is_forbidden(scene):
    scene.emulator.answers = lambda _request: MISSING
    credential = "ASIAFUNCTION%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"

    got = await scene.http.get(f"/bucket/a?X-Amz-Credential={credential}")

    assert got.status_code == 403


async def test_heads_of_missing_objects_have_no_body(scene):
    scene.emulator.answers = lambda _request: respond(404, "Not Found")

    first = await scene.call("HEAD", "/bucket/a", "s3")
    second = await scene.call("HEAD", "/bucket/a", "s3")

    assert (first.status_code, second.status_code) == (403, 403)


async def test_objects_pass_unharmed(scene):
    content = bytes(range(256)) * 20_000
    kept = []

    def keep(request):
        kept.append(request.body)
        return respond(200, "OK", content)

    scene.emulator.answers = keep

    stored = await scene.call("PUT", "/bucket/a", "s3", content=content)

    assert (kept, stored.content) == ([content], content)


class Hall:
    """Lets requests in, and holds them until it is opened."""

    def __init__(self):
        self.inside, self.open = 0, asyncio.Event()

    async def answer(self, _request):
        self.inside += 1
        await self.open.wait()
        return respond(200, "OK", b"{}")


@pytest.mark.parametrize("path", [HTTP, "/2015-03-31/functions/admin/invocations"])
async def test_the_eleventh_parallel_run_is_refused(scene, path):
    hall = Hall()
    scene.emulator.answers = hall.answer
    running = [asyncio.create_task(scene.http.post(path)) for _ in range(10)]
    await until(lambda: hall.inside == 10)

    refused = await scene.http.post(path)
    hall.open.set()
    done = await asyncio.gather(*running)

    assert refused.status_code in ({500, 503} if path == HTTP else {429})
    assert {each.status_code for each in done} == {200}
    assert (await scene.http.post(path)).status_code == 200
    assert (scene.edge.runs.most, scene.edge.runs.refused) == (10, 1)


async def test_asynchronous_invocations_are_queued(scene):
    scene.rules.parallel_runs = 0
    headers = {"X-Amz-Invocation-Type": "Event"}

    queued = await scene.http.post("/2015-03-31/functions/sweep/invocations", headers=headers)

    assert queued.status_code == 200


async def test_the_http_api_waits_for_a_function_for_30_seconds(scene):
    assert scene.rules.http_seconds == 30
    scene.rules.http_seconds = 0.1
    scene.emulator.answers = Hall().answer

    assert (await scene.http.get(HTTP)).status_code == 503


@pytest.mark.parametrize(("size", "status"), [(10 * MEGABYTE, 200), (10 * MEGABYTE + 1, 413)])
async def test_a_request_of_the_http_api_has_at_most_10_megabytes(scene, size, status):
    assert (await scene.http.post(HTTP, content=b"x" * size)).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (6 * MEGABYTE - 2), 200),
        (b"x" * (6 * MEGABYTE - 1), 500),
        (b'"' * (3 * MEGABYTE), 500),  # each counts twice in a JSON string
        (b"\xff" * (4 * MEGABYTE), 200),  # in Base64
        (b"\xff" * (5 * MEGABYTE), 500),
    ],
    ids=["fits", "one more", "quotes", "binary fits", "binary"],
)
async def test_a_result_of_a_function_has_at_most_6_megabytes(scene, body, status):
    scene.emulator.answers = lambda _request: respond(200, "OK", body)

    assert (await scene.http.get(HTTP)).status_code == status


async def test_headers_of_the_http_api_have_at_most_10_kilobytes(scene):
    assert (await scene.http.get(HTTP, headers={"A": "x" * 9_000})).status_code == 200
    assert (await scene.http.get(HTTP, headers={"A": "x" * 10_240})).status_code == 431


async def test_cloudfront_waits_for_the_first_byte_for_30_seconds(scene):
    assert scene.rules.first_byte_seconds == 30
    scene.rules.first_byte_seconds = 0.1
    scene.emulator.answers = Hall().answer
    viewer = {"Host": "d1.cloudfront.localhost:80"}

    assert (await scene.http.get("/", headers=viewer)).status_code == 504


@pytest.mark.parametrize(
    ("kind", "status"), [("throttled", 400), ("server error", 500), ("200 though lost", 200)]
)
async def test_calls_to_dynamodb_meet_the_faults_that_are_named(scene, kind, status):
    scene.faults.calls.append(("DynamoDB", kind))
    scene.emulator.answers = lambda _request: respond(200, "OK", b'{"real": 1}')

    faulty = await scene.call("POST", "/", "dynamodb", content=b"{}")
    then = await scene.call("POST", "/", "dynamodb", content=b"{}")

    assert faulty.status_code == status
    assert b"real" not in faulty.content
    assert then.json() == {"real": 1}


async def test_the_deployer_meets_no_faults(scene):
    scene.faults.calls.append(("DynamoDB", "throttled"))

    assert (await scene.call("POST", "/", "dynamodb", key="test")).status_code == 200
