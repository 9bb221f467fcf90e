"""The asynchronous client makes the same calls."""

import asyncio
import inspect

import pytest

from spaces.domain.access.quota import CallerLimits
from spaces_client import (
    AsyncFile,
    AsyncRequest,
    AsyncSpaces,
    Done,
    File,
    QueueFull,
    Request,
    RequestFailed,
    Spaces,
    TransferFailed,
    Upload,
    UsageError,
    WaitTimedOut,
)
from tests.functional.caller.support.gateway_server import LOST, SIGNED_IN
from tests.functional.openai.support.scripts import answers, says


@pytest.fixture
async def spaces(server):
    async with AsyncSpaces(server.address) as client:
        yield client


async def test_run_stream_and_find_again(server, spaces, play):
    play(says("Once ", "upon"))
    server.faults = [503, LOST]

    result = await spaces.run("echo", "hi", timeout=60)
    streamed = [text async for text in await spaces.stream("echo", "hi")]

    assert (result.text, "".join(streamed)) == ("Once upon", "Once upon")
    assert (await spaces.request(result.request_id).status()).status == "COMPLETED"


async def test_events_end_with_done(spaces, play):
    play(says("ok"))
    request = await spaces.submit("echo", "hi")

    assert [each async for each in request.events()][-1] == Done("COMPLETED")


async def test_a_hundred_prompts_by_map(spaces, live, play):
    live.create_space("wide", anonymous_limits=CallerLimits())
    play(lambda request: iter([{"output": {"text": request.input.prompt.upper()}}]), space="wide")

    results = spaces.map("wide", (f"p{n}" for n in range(100)), concurrency=8, timeout=60)

    assert [each.text async for each in results] == [f"P{n}" for n in range(100)]


async def test_a_large_file_goes_in_parts_and_a_vanished_one_is_an_error(spaces, play, tmp_path):
    worker = play(says("ok"))
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(40 * 2**20))

    await spaces.run("echo", files=[path], timeout=120)
    vanishing = Upload(path, progress=lambda _: path.unlink(missing_ok=True))
    with pytest.raises(TransferFailed, match="cannot be read"):
        await spaces.submit("echo", files=[vanishing])

    assert worker.taken[0].input.files[0].size == 40 * 2**20


async def test_a_map_ends_with_its_first_failure(spaces, play):
    play(answers(status="failed", error={"type": "worker_error", "message": "No."}))

    with pytest.raises(RequestFailed):
        _ = [each async for each in spaces.map("echo", ["a", "b", "c"], concurrency=2)]
    with pytest.raises(UsageError):
        spaces.map("echo", ["a"], concurrency=0)


async def test_files_go_up_and_come_down(aws, spaces, play, tmp_path):
    def script(request):
        key = f"{request.upload.key_prefix}0"
        aws[1].put_object(Bucket="files", Key=key, Body=b"0123456789")
        said = {"name": "a.txt", "content_type": "text/plain", "size": 1, "key": key}
        yield {"output": {"files": [said]}}

    play(script)
    large = Upload(b"x" * (17 * 2**20), "large.bin")

    result = await spaces.run("echo", files=[large], timeout=60)
    small = await spaces.run("echo", files=[Upload(b"x", "s.bin")], timeout=60)

    assert (await result.files[0].save(tmp_path)).read_bytes() == b"0123456789"
    assert await small.files[0].read() == b"0123456789"


async def test_time_is_up_and_cancelling_works(spaces):
    request = await spaces.submit("echo", "hi")

    with pytest.raises(WaitTimedOut):
        await request.result(timeout=0.1)
    assert await request.cancel() is True
    await request.delete()


async def test_a_full_queue_is_an_error(spaces, live):
    live.create_space("tight", max_queue_length=1)
    await spaces.submit("tight", "first")

    with pytest.raises(QueueFull):
        await spaces.submit("tight", "second")


@pytest.mark.parametrize("key", ["", "é", "a\nb", " x "])
async def test_a_key_that_no_header_can_hold_is_refused_unsent(server, spaces, key):
    with pytest.raises(UsageError, match="idempotency_key"):
        await spaces.submit("echo", "hi", idempotency_key=key)

    assert server.calls == []


async def test_spaces_and_history(server, spaces):
    token = SIGNED_IN.removeprefix("Bearer ")
    async with AsyncSpaces(server.address, access_token=token) as mine:
        request = await mine.submit("echo", "hi")

        assert [entry.request_id async for entry in mine.history()] == [request.id]
    assert [each.space for each in await spaces.list_spaces()] == ["echo"]
    assert (await spaces.describe("echo")).space == "echo"


async def test_a_task_that_is_cancelled_leaves_no_task_behind(spaces):
    task = asyncio.create_task(spaces.run("echo", "hi"))
    await asyncio.sleep(0.3)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(
    ("waiting", "blocking"), [(AsyncSpaces, Spaces), (AsyncRequest, Request), (AsyncFile, File)]
)
def test_both_clients_have_the_same_calls(waiting, blocking):
    def calls(kind):
        return {
            name: list(inspect.signature(each).parameters)
            for name, each in vars(kind).items()
            if inspect.isfunction(each) and not name.startswith("_")
        }

    assert calls(waiting) == calls(blocking)
