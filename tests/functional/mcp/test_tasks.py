"""A call that lasts is a task, whose id is that of its request."""

import threading
import time

import pytest

from spaces.services.requests.view_request import find_request
from spaces_protocol.gateway_messages import Cancel
from spaces_protocol.request_id import RequestId
from tests.functional.mcp.support.endpoint import TASKS

PROMPT = {"prompt": "hi"}


@pytest.fixture
def held(play):
    """A worker that answers when the test says so."""
    go_on = threading.Event()

    def script(_):
        go_on.wait(20)
        yield {"output": {"text": "done"}}

    play(script)
    yield go_on
    go_on.set()


def begin(mcp, **options):
    return mcp.call("echo", PROMPT, tasks=True, **options).result


def get(mcp, task_id, **options):
    return mcp.modern("tasks/get", {"taskId": task_id}, tasks=True, **options)


def ended(mcp, task_id):
    until = time.monotonic() + 20
    while (task := get(mcp, task_id).result)["status"] == "working":
        assert time.monotonic() < until
    return task


def test_call_becomes_a_task_and_the_task_has_its_result(mcp, held, impatient):
    task = begin(mcp)

    assert (task["resultType"], task["status"]) == ("task", "working")
    assert RequestId.parse(task["taskId"]).space == "echo"
    assert task["pollIntervalMs"] >= 1000
    assert task["ttlMs"] > 0
    assert get(mcp, task["taskId"]).result["resultType"] == "complete"

    held.set()
    done = ended(mcp, task["taskId"])
    assert done["status"] == "completed"
    assert done["result"]["content"] == [{"type": "text", "text": "done"}]
    assert done["createdAt"] == task["createdAt"] <= done["lastUpdatedAt"]
    assert "pollIntervalMs" not in done


def test_call_that_ends_soon_is_no_task(mcp, play):
    play(lambda _: iter([{"output": {"text": "quick"}}]))

    assert begin(mcp)["content"][0]["text"] == "quick"


def test_client_that_did_not_declare_tasks_gets_none(mcp, live, impatient):
    mcp.seconds = 0

    assert mcp.call("echo", PROMPT).result["isError"] is True
    for method in ("tasks/get", "tasks/update", "tasks/cancel"):
        answer = mcp.modern(method, {"taskId": "x"})
        assert (answer.status, answer.error["code"]) == (400, -32021)
        assert answer.error["data"] == {"requiredCapabilities": {"extensions": {TASKS: {}}}}


def test_failed_request_is_a_completed_task_with_an_error_in_its_result(mcp, play, impatient):
    go_on = threading.Event()

    def script(_):
        go_on.wait(20)
        yield {"status": "failed", "error": {"type": "too_dark", "message": "Too dark."}}

    play(script)
    task_id = begin(mcp)["taskId"]
    go_on.set()

    done = ended(mcp, task_id)

    assert (done["status"], done["result"]["isError"]) == ("completed", True)


def test_cancelled_task_stops_the_worker(mcp, live, held, impatient):
    task_id = begin(mcp)["taskId"]
    while find_request(live.gateway, RequestId.parse(task_id))[1].length:
        pass

    assert mcp.modern("tasks/cancel", {"taskId": task_id}, tasks=True).result == {
        "resultType": "complete"
    }

    assert get(mcp, task_id).result["status"] == "cancelled"
    told = [each for sent in live.ends.received.values() for each in sent]
    assert [each.request_id for each in told if isinstance(each, Cancel)] == [task_id]
    again = mcp.modern("tasks/cancel", {"taskId": task_id}, tasks=True)
    assert again.result == {"resultType": "complete"}


def test_update_is_acknowledged_although_nothing_was_asked(mcp, held, impatient):
    task_id = begin(mcp)["taskId"]

    answer = mcp.modern("tasks/update", {"taskId": task_id, "inputResponses": {}}, tasks=True)

    assert answer.result == {"resultType": "complete"}


def test_task_of_a_key_is_seen_with_that_key_only(mcp, live, key, impatient):
    task = mcp.call("closed", PROMPT, tasks=True, headers=key).result

    assert get(mcp, task["taskId"], headers=key).result["status"] == "working"
    for method in ("tasks/get", "tasks/update", "tasks/cancel"):
        strange = mcp.modern(method, {"taskId": task["taskId"]}, tasks=True)
        assert (strange.status, strange.error["code"]) == (400, -32602)
    assert get(mcp, task["taskId"], headers=key).result["status"] == "working"


@pytest.mark.parametrize("task_id", [None, 7, "", "x", "echo.1.aaaaaaaaaaaaaaaaaaaaaa", "../x"])
def test_task_that_does_not_exist_is_an_invalid_param(mcp, task_id):
    answer = mcp.modern("tasks/get", {"taskId": task_id}, tasks=True)

    assert (answer.status, answer.error["code"]) == (400, -32602)
    assert "taskId" in answer.error["message"]


def test_tasks_of_2025_are_asked_for_and_their_result_is_waited_for(mcp, held):
    call = {"name": "echo", "arguments": PROMPT, "task": {"ttl": 60_000}}

    task = mcp.legacy("tools/call", call).result["task"]

    assert task["status"] == "working"
    assert mcp.legacy("tasks/get", {"taskId": task["taskId"]}).result["status"] == "working"
    held.set()
    result = mcp.legacy("tasks/result", {"taskId": task["taskId"]}).result
    assert result["content"][0]["text"] == "done"
    related = result["_meta"]["io.modelcontextprotocol/related-task"]
    assert related == {"taskId": task["taskId"]}
    assert mcp.legacy("tasks/get", {"taskId": task["taskId"]}).result["status"] == "completed"
    late = mcp.legacy("tasks/cancel", {"taskId": task["taskId"]})
    assert (late.status, late.error["code"]) == (200, -32602)


def test_task_of_2025_is_cancelled_or_failed(mcp, live, play):
    call = {"name": "echo", "arguments": PROMPT, "task": {}}
    task = mcp.legacy("tools/call", call).result["task"]
    assert mcp.legacy("tasks/cancel", {"taskId": task["taskId"]}).result["status"] == "cancelled"

    error = {"type": "too_dark", "message": "Too dark."}
    play(lambda _: iter([{"status": "failed", "error": error}]))
    failed = mcp.legacy("tools/call", call).result["task"]["taskId"]
    assert mcp.legacy("tasks/result", {"taskId": failed}).result["isError"] is True
    found = mcp.legacy("tasks/get", {"taskId": failed}).result
    assert (found["status"], found["statusMessage"]) == ("failed", "Too dark.")


def test_versions_before_tasks_do_not_know_them(mcp, play):
    play(lambda _: iter([{"output": {"text": "quick"}}]))
    call = {"name": "echo", "arguments": PROMPT, "task": {}}

    assert "content" in mcp.legacy("tools/call", call, version="2025-06-18").result
    assert mcp.legacy("tasks/result", {"taskId": "x"}, version="2025-06-18").error["code"] == -32601
