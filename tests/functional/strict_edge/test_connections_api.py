"""What @connections answers to functions."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.strict_edge.rules import Unknown

KILOBYTE = 1024


@pytest.fixture
async def linked(scene):
    async with scene.worker(user_agent_header="a worker") as socket:
        (connection_id,) = scene.edge.sockets.connection_ids
        yield connection_id, socket


async def test_a_message_reaches_the_worker_in_frames_of_at_most_32_kilobytes(scene, linked):
    connection_id, socket = linked
    text = "é" * 50_000

    posted = await scene.connections("POST", connection_id, content=text.encode())

    assert posted.status_code == 200
    frames = [frame async for frame in socket.recv_streaming()]
    assert "".join(frames) == text
    assert max(len(frame.encode()) for frame in frames) <= 32 * KILOBYTE


async def test_a_message_above_128_kilobytes_is_too_large(scene, linked):
    connection_id, _ = linked

    fits = await scene.connections("POST", connection_id, content=b"x" * 128 * KILOBYTE)
    larger = await scene.connections("POST", connection_id, content=b"x" * (128 * KILOBYTE + 1))

    assert (fits.status_code, larger.status_code) == (200, 413)
    assert larger.headers["x-amzn-errortype"] == "PayloadTooLargeException"


async def test_a_connection_is_described_with_times_as_text(scene, linked):
    connection_id, socket = linked
    await socket.send('{"action":"say"}')

    described = (await scene.connections("GET", connection_id)).json()

    assert described.keys() == {"connectedAt", "identity", "lastActiveAt"}
    assert described["identity"] == {"sourceIp": "127.0.0.1", "userAgent": "a worker"}
    for name in ("connectedAt", "lastActiveAt"):
        assert described[name].endswith("Z")
        at = datetime.fromisoformat(described[name])
        assert datetime.now(UTC) - at < timedelta(seconds=10)


async def test_a_deleted_connection_closes_with_1000(scene, linked):
    connection_id, socket = linked

    deleted = await scene.connections("DELETE", connection_id)

    async with asyncio.timeout(5):
        await socket.wait_closed()
    assert deleted.status_code == 204
    assert (socket.close_code, socket.close_reason) == (1000, "Connection Closed Normally")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("unknown", "status", "body"),
    [(Unknown.GONE, 410, b""), (Unknown.FORBIDDEN, 403, b'{"message": "Forbidden"}')],
)
async def test_an_unknown_connection_is_gone_or_forbidden(scene, method, unknown, status, body):
    scene.rules.unknown = unknown

    response = await scene.connections(method, "AAAAAAAAAAAAAAA=")

    assert (response.status_code, response.content) == (status, body)


async def test_by_default_either_is_answered(scene):
    statuses = {(await scene.connections("GET", "A=")).status_code for _ in range(30)}

    assert statuses == {403, 410}


async def test_a_connection_can_vanish_without_a_disconnect(scene, linked):
    connection_id, socket = linked

    scene.edge.sockets.vanish(connection_id)
    async with asyncio.timeout(5):
        await socket.wait_closed()

    assert (await scene.connections("GET", connection_id)).status_code in {403, 410}
    assert "DISCONNECT" not in str(scene.emulator.events)


async def test_iam_is_asked_first(scene, linked):
    connection_id, _ = linked
    scene.emulator.allowed = False

    assert (await scene.connections("POST", connection_id, content=b"x")).status_code == 403


async def test_too_many_calls_are_throttled(scene, linked):
    connection_id, _ = linked
    scene.faults.calls.append(("@connections", "throttled"))

    throttled = await scene.connections("POST", connection_id, content=b"x")
    then = await scene.connections("POST", connection_id, content=b"x")

    assert (throttled.status_code, then.status_code) == (429, 200)
    assert throttled.headers["x-amzn-errortype"] == "LimitExceededException"
