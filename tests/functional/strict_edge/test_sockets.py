"""Limits and habits of the WebSocket API."""

import asyncio
import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.functional.strict_edge.conftest import Scene, until
from tests.functional.strict_edge.fake_emulator import ALLOW, DENY, OK

KILOBYTE = 1024


def said(text="hi"):
    return json.dumps({"action": "say", "text": text})


def kinds(scene: Scene) -> list[str]:
    """What functions were invoked for, without the authorizer's ``$connect``."""
    return [
        each["requestContext"]["eventType"] for each in scene.emulator.events if "type" not in each
    ]


async def closed(socket) -> tuple[int, str]:
    async with asyncio.timeout(5):
        await socket.wait_closed()
    return socket.close_code, socket.close_reason


async def test_events_of_a_connection_have_the_shape_of_aws(scene):
    async with scene.worker() as socket:
        await socket.send(said())
        await until(lambda: "MESSAGE" in kinds(scene))
    await until(lambda: "DISCONNECT" in kinds(scene))

    authorize, connect, message, disconnect = scene.emulator.events
    contexts = [each["requestContext"] for each in (connect, message, disconnect)]
    (connection_id,) = {each["connectionId"] for each in contexts}
    assert connection_id.endswith("=")
    assert {each["connectedAt"] for each in contexts} == {contexts[0]["connectedAt"]}
    assert authorize["type"] == "REQUEST"
    assert authorize["methodArn"].endswith(":abc123/v1/$connect")
    assert authorize["headers"]["Authorization"] == "Bearer x"
    assert message["body"] == said()
    assert contexts[1]["authorizer"]["worker_id"] == "w1"
    assert contexts[1]["authorizer"]["made"] == "7"
    assert (contexts[2]["disconnectStatusCode"], contexts[2]["routeKey"]) == (1000, "$disconnect")


@pytest.mark.parametrize("size", [32 * KILOBYTE, 32 * KILOBYTE + 1])
async def test_a_frame_above_32_kilobytes_closes_with_1009(scene, size):
    async with scene.worker() as socket:
        await socket.send("x" * size)
        if size == 32 * KILOBYTE:
            await until(lambda: "MESSAGE" in kinds(scene))
        else:
            assert (await closed(socket))[0] == 1009


@pytest.mark.parametrize("frames", [4, 5])
async def test_a_message_above_128_kilobytes_closes_with_1009(scene, frames):
    async with scene.worker() as socket:
        await socket.send(["x" * 32 * KILOBYTE] * frames)
        if frames == 4:
            await until(lambda: "MESSAGE" in kinds(scene))
        else:
            assert (await closed(socket))[0] == 1009


async def test_a_binary_message_closes_with_1003(scene):
    async with scene.worker() as socket:
        await socket.send(b"x")

        assert (await closed(socket))[0] == 1003


async def test_a_silent_connection_ends(scene):
    scene.rules.idle_seconds = 0.3
    async with scene.worker() as socket:
        await asyncio.sleep(0.2)
        await socket.send(said())
        await asyncio.sleep(0.2)
        assert socket.state.name == "OPEN"

        assert await closed(socket) == (1001, "Going away")


async def test_a_connection_ends_after_its_life(scene):
    scene.rules.life_seconds = 0.3
    async with scene.worker() as socket:
        for _ in range(2):
            await socket.send(said())
            await asyncio.sleep(0.1)

        assert await closed(socket) == (1001, "Going away")


async def test_messages_run_side_by_side_and_overtake_each_other(scene):
    began, seen = asyncio.Event(), []

    async def say(event):
        text = json.loads(event["body"])["text"]
        if text == "first":
            await began.wait()
        else:
            began.set()
        seen.append(text)
        return OK

    scene.emulator.functions["say"] = say
    async with scene.worker() as socket:
        await socket.send(said("first"))
        await socket.send(said("second"))
        await until(lambda: len(seen) == 2)

    assert seen == ["second", "first"]


async def test_messages_are_handed_over_out_of_order(scene):
    scene.rules.overtake_seconds = 0.05
    scene.rules.parallel_runs = 100
    async with scene.worker() as socket:
        for number in range(20):
            await socket.send(said(str(number)))
        await until(lambda: len(kinds(scene)) >= 21)

    texts = [json.loads(each["body"])["text"] for each in scene.emulator.events if "body" in each]
    assert sorted(map(int, texts)) == list(range(20))
    assert texts != sorted(texts, key=int)


def fails(_event):
    raise ValueError


async def hangs(_event):
    await asyncio.sleep(1)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (fails, "Internal server error"),
        (lambda _event: None, "Internal server error"),
        (hangs, "Endpoint request timed out"),
    ],
)
async def test_what_fails_is_answered_by_a_frame_of_api_gateway(scene, function, message):
    scene.rules.integration_seconds = 0.1
    scene.emulator.functions["say"] = function
    async with scene.worker() as socket:
        await socket.send(said())
        frame = json.loads(await socket.recv())

    assert frame.keys() == {"message", "connectionId", "requestId"}
    assert frame["message"] == message
    assert frame["connectionId"].endswith("=")


@pytest.mark.parametrize("replies", [True, False])
async def test_a_ping_without_integration_response_is_answered_by_a_frame(scene, replies):
    scene.emulator.ping_replies = replies
    async with scene.worker() as socket:
        await socket.send('{"action":"ping"}')
        if replies:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.recv(), 0.2)
        else:
            assert "message" in json.loads(await socket.recv())


@pytest.mark.parametrize(
    "text", ["no JSON", "[]", '{"action":"$connect"}', '{"action":7}', "[" * 9]
)
async def test_what_selects_no_route_takes_the_default_route(scene, text):
    async with scene.worker() as socket:
        await socket.send(text)
        await until(lambda: "MESSAGE" in kinds(scene))

    assert scene.emulator.events[2]["requestContext"]["routeKey"] == "$default"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"authorize": lambda _event: DENY}, 403),
        ({"authorize": fails}, 500),
        ({"authorize": lambda _event: {**ALLOW, "policyDocument": None}}, 500),
        ({"$connect": lambda _event: {"statusCode": 429}}, 429),
        ({"$connect": fails}, 500),
        ({"$connect": lambda _event: None}, 500),
    ],
)
async def test_a_refused_handshake_is_answered_in_the_words_of_api_gateway(scene, changed, status):
    scene.emulator.functions.update(changed)
    with pytest.raises(InvalidStatus) as refused:
        async with scene.worker():
            pass

    assert refused.value.response.status_code == status
    body = json.loads(refused.value.response.body)
    assert body.keys() == {"message", "connectionId", "requestId"}


async def test_a_handshake_without_authorization_is_refused_before_any_function_runs(scene):
    with pytest.raises(InvalidStatus) as refused:
        async with scene.worker(additional_headers={}):
            pass

    assert refused.value.response.status_code == 401
    assert scene.emulator.events == []


async def test_the_next_handshakes_are_refused_as_a_test_names_it(scene):
    scene.faults.handshakes += [500, 429]
    for status in (500, 429):
        with pytest.raises(InvalidStatus) as refused:
            async with scene.worker():
                pass
        assert refused.value.response.status_code == status
    async with scene.worker():
        pass


async def test_a_connection_that_breaks_is_disconnected_with_1006(scene):
    async with scene.worker() as socket:
        socket.transport.abort()
        with pytest.raises(ConnectionClosed):
            await socket.recv()
    await until(lambda: "DISCONNECT" in kinds(scene))

    assert scene.emulator.events[-1]["requestContext"]["disconnectStatusCode"] == 1006
