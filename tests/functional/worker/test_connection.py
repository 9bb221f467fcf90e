"""The real worker over a real socket."""

import asyncio
import logging
import ssl

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Cancel, DrainCommand
from spaces_protocol.worker_messages import (
    Decline,
    Drain,
    InFlight,
    Ping,
    Progress,
    Register,
    Result,
)
from spaces_worker import (
    Ending,
    FunctionError,
    LinkEnd,
    RequestContext,
    SettingsError,
    UserError,
    Worker,
)
from spaces_worker._connection.keepalive import Keepalive
from spaces_worker._connection.transport import close_connection, connect_failure, connection_end
from spaces_worker._settings import Settings, load_settings
from tests.functional.worker.conftest import TOKEN, Relay

pytestmark = pytest.mark.timeout(30)


async def test_a_request_is_answered(gateway, serving):
    await serving(lambda prompt: f"{prompt}, you")

    registered = await gateway.hear(Register)
    await gateway.hand_over("a")
    result = await gateway.hear(Result)

    assert registered.spaces == ["demo"]
    assert registered.agent.startswith("spaces-worker/")
    assert (result.request_id, result.output.text) == ("a", "Hello, you")


async def test_the_handshake_carries_token_and_worker_and_no_origin(gateway, serving):
    await serving(str)
    await gateway.hear(Register)

    (headers,) = gateway.headers
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["X-Worker-Id"] == "atlas"
    assert "Origin" not in headers
    assert "Sec-WebSocket-Extensions" not in headers


async def test_a_worker_comes_back_after_the_gateway_died_and_names_what_it_holds(gateway, serving):
    release = asyncio.Event()

    async def function(prompt):
        await release.wait()
        return "done"

    await serving(function)
    first = await gateway.hear(Register)
    await gateway.hand_over("a")
    await gateway.die()
    await gateway.start()
    second = await gateway.hear(Register)
    release.set()

    assert second.session == first.session
    assert second.in_flight == [InFlight(request_id="a", attempt=1)]
    assert (await gateway.hear(Result)).output.text == "done"


async def test_a_result_that_was_never_acknowledged_is_sent_on_the_next_connection(
    gateway, serving
):
    gateway.acknowledges = False
    await serving(str)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    first = await gateway.hear(Result)

    gateway.links[-1].transport.abort()
    again = await gateway.hear(Result)

    assert again == first


async def test_a_request_that_was_answered_is_not_run_again(gateway, serving):
    runs = []
    await serving(lambda prompt: runs.append(prompt) or "once")
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await gateway.hear(Result)

    await gateway.hand_over("a", attempt=2)
    again = await gateway.hear(Result)

    assert (again.attempt, again.output.text, runs) == (2, "once", ["Hello"])


@pytest.mark.parametrize("end", ["stop", "cancel"])
async def test_what_is_held_is_handed_back_at_the_end(gateway, serving, end):
    async def function(_prompt):
        await asyncio.Event().wait()

    worker = await serving(function, concurrency=2)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await gateway.hand_over("b", attempt=2)
    while len(worker._activity.snapshot.running) < 2:  # noqa: ASYNC110 - it happens elsewhere
        await asyncio.sleep(0.01)

    worker.stop() if end == "stop" else worker.task.cancel()
    await asyncio.wait({worker.task})

    handed_back = [await gateway.hear(Decline) for _ in range(2)]
    assert {(each.request_id, each.attempt) for each in handed_back} == {("a", 1), ("b", 2)}


async def test_a_gateway_that_reads_no_more_does_not_hold_up_the_end(gateway, serving):
    async def function(_prompt):
        await asyncio.Event().wait()

    worker = await serving(function)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    while not worker._activity.snapshot.running:  # noqa: ASYNC110 - it happens elsewhere
        await asyncio.sleep(0.01)
    gateway.links[-1].transport.pause_reading()

    worker.stop()

    async with asyncio.timeout(10):
        assert await worker.task is Ending.STOPPED


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_token_is_explained_and_tried_again(gateway, serving, caplog, status):
    ends = []
    gateway.refuse_with = status

    def delay(end):
        ends.append(end)
        gateway.refuse_with = None
        return 0.01

    await serving(str, reconnect_delay=delay)
    await gateway.hear(Register)

    assert ends[0].refused
    assert "Check the token" in caplog.text
    assert TOKEN not in caplog.text


def watched_worker(gateway, state_dir, delay=lambda _: 0.01):
    """Return a worker as the command makes it in a terminal."""
    worker = Worker(reconnect_delay=delay)
    worker.space("demo")(str)
    options = {"url": gateway.url, "token": TOKEN, "spaces": ("demo",), "state_dir": state_dir}
    settings = load_settings(options, config=None)
    return worker.configured(settings, worker.declared.functions, watched=True)


async def test_a_refused_token_ends_a_worker_that_a_person_watches(gateway, tmp_path):
    gateway.refuse_with = 403

    with pytest.raises(SettingsError, match="run `spaces-worker doctor`"):
        async with asyncio.timeout(10):
            await watched_worker(gateway, tmp_path).serve()


async def test_a_token_that_is_refused_later_does_not_end_it(gateway, tmp_path):
    refused = asyncio.Event()

    def delay(end):
        if end.refused:
            refused.set()
        return 0.01

    worker = watched_worker(gateway, tmp_path, delay)
    task = asyncio.create_task(worker.serve())
    await gateway.hear(Register)

    gateway.refuse_with = 403
    gateway.links[-1].transport.abort()
    async with asyncio.timeout(10):
        await refused.wait()
    gateway.refuse_with = None

    await gateway.hear(Register)
    worker.stop()
    assert await task is Ending.STOPPED


async def test_a_rejected_duplicate_is_explained_and_asks_again(gateway, serving, caplog):
    gateway.rejections = 1
    await serving(str)

    await gateway.hear(Register)
    await gateway.hear(Register)

    assert "Not serving the space demo: Worker x is linked." in caplog.text
    assert len(gateway.links) == 1


async def test_large_messages_travel_in_frames_that_api_gateway_takes(gateway, tmp_path):
    relay = Relay(gateway.port)
    await relay.start()
    text = "語" * 40_000
    url = f"ws://127.0.0.1:{relay.port}/v1"
    worker = Worker(url=url, token=TOKEN, worker_id="atlas", state_dir=tmp_path)
    worker.space("demo")(lambda prompt: text)
    task = asyncio.create_task(worker.serve())
    await gateway.hear(Register)

    await gateway.hand_over("a")
    result = await gateway.hear(Result)
    worker.stop()
    await task
    await relay.stop()

    sizes = [size for size, _ in relay.frames]
    assert result.output.text == text
    assert max(sizes) <= 32 * 1024
    assert sum(sizes) > 120_000
    assert [final for size, final in relay.frames if size > 20_000] == [False] * 4


async def test_an_answer_beyond_the_limit_fails_and_the_connection_lives(gateway, serving):
    await serving(lambda prompt: "x" * int(prompt))
    await gateway.hear(Register)

    await gateway.hand_over("a", prompt="200000")
    await gateway.hand_over("b", prompt="3")
    failed, fine = await gateway.hear(Result), await gateway.hear(Result)

    assert failed.status == "failed"
    assert "too large" in failed.error.message
    assert fine.output.text == "xxx"
    assert len(gateway.links) == 1


async def test_requests_are_answered_one_by_one_in_order(gateway, serving):
    running = []
    most = []

    async def function(prompt):
        running.append(prompt)
        most.append(len(running))
        await asyncio.sleep(0.01)
        running.remove(prompt)
        return prompt

    await serving(function)
    await gateway.hear(Register)
    for number in range(10):
        await gateway.hand_over(f"r{number}")
    names = [(await gateway.hear(Result)).request_id for _ in range(10)]

    assert names == [f"r{number}" for number in range(10)]
    assert max(most) == 1


async def test_a_cancelled_request_is_stopped_and_the_next_one_runs(gateway, serving):
    began = asyncio.Event()
    stopped = asyncio.Event()

    async def function(prompt):
        if prompt == "next":
            return "fine"
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            stopped.set()

    await serving(function)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await began.wait()
    await gateway.links[-1].send(encode(Cancel(request_id="a", attempt=1, reason="cancelled")))
    await gateway.hand_over("b", prompt="next")
    result = await gateway.hear(Result)

    assert stopped.is_set()
    assert result.request_id == "b"


async def test_progress_of_a_thread_arrives(gateway, serving):
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def function(context: RequestContext):
        context.progress(40, step=2, total=5, message="half way")
        context.cancelled.wait(1.3)
        loop.call_soon_threadsafe(told.set)
        return "done"

    await serving(function)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    progress = await gateway.hear(Progress)

    assert (progress.percent, progress.step, progress.total) == (40, 2, 5)
    assert progress.message == "half way"


async def test_a_user_error_is_told_and_the_connection_lives(gateway, serving):
    def function(prompt):
        raise UserError("Too dark.")

    await serving(function)
    await gateway.hear(Register)
    await gateway.hand_over("a")

    assert (await gateway.hear(Result)).error.message == "Too dark."


@pytest.mark.parametrize("noise", ["{", "[1]", '{"action":"what"}', b"\x00\xff"])
async def test_noise_of_the_gateway_does_not_harm_the_connection(gateway, serving, noise):
    await serving(str)
    await gateway.hear(Register)

    await gateway.links[-1].send(noise)
    await gateway.hand_over("a")

    assert (await gateway.hear(Result)).request_id == "a"
    assert len(gateway.links) == 1


async def test_drain_finishes_what_runs_and_returns(gateway, serving):
    began, release = asyncio.Event(), asyncio.Event()

    async def function(prompt):
        began.set()
        await release.wait()
        return "done"

    worker = await serving(function)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await began.wait()
    worker.drain()
    await gateway.hear(Drain)
    assert not worker.task.done()

    release.set()
    await gateway.hear(Result)

    assert await worker.task is Ending.DRAINED


async def test_an_idle_worker_that_is_drained_tells_the_gateway(gateway, serving):
    worker = await serving(str)
    await gateway.hear(Register)

    worker.drain()

    await gateway.hear(Drain)
    assert await worker.task is Ending.DRAINED


async def test_an_administrator_can_drain_a_worker(gateway, serving):
    worker = await serving(str)
    await gateway.hear(Register)

    await gateway.links[-1].send(encode(DrainCommand()))

    assert await worker.task is Ending.DRAINED


async def test_stop_returns_at_once_and_closes_the_connection(gateway, serving):
    async def function(prompt):
        await asyncio.Event().wait()

    worker = await serving(function)
    await gateway.hear(Register)
    await gateway.hand_over("a")

    worker.stop()

    assert await worker.task is Ending.STOPPED
    await gateway.links[-1].wait_closed()
    assert gateway.links[-1].close_code == 1000


async def test_drain_and_stop_of_a_worker_that_does_not_serve_are_nothing():
    worker = Worker(url="ws://127.0.0.1:1", token=TOKEN)
    worker.drain()
    worker.stop()

    with pytest.raises(SettingsError, match="No function is registered"):
        await worker.serve()


async def test_a_readable_token_is_warned_of(caplog, monkeypatch):
    worker = Worker(url="ws://gateway.invalid/v1", token=TOKEN, reconnect_delay=lambda end: 60.0)
    worker.space("demo")(str)
    monkeypatch.setenv("no_proxy", "*")
    task = asyncio.create_task(worker.serve())
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert "unencrypted" in caplog.text
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_token_is_not_logged_even_with_all_debugging_on(gateway, serving, caplog):
    caplog.set_level(logging.DEBUG)
    await serving(str)
    await gateway.hear(Register)

    lines = [record.getMessage() for record in caplog.records if "server" not in record.name]
    assert not any(TOKEN in line for line in lines)


async def test_a_silent_connection_is_cut_once_the_gateway_has_shown_that_it_answers_pings(gateway):
    closed = []

    class Link:
        def __init__(self, answers):
            self._answers = iter(answers)

        async def ping(self):
            pong = asyncio.get_running_loop().create_future()
            if next(self._answers):
                pong.set_result(0.0)
            return pong

        @property
        def transport(self):
            return self

        def abort(self):
            closed.append(self)

    keepalive = Keepalive(interval=0.0, timeout=0.01)
    never_answers, answers_twice = Link([False]), Link([True, True, False])

    await keepalive.watch(never_answers)
    await keepalive.watch(answers_twice)

    assert closed == [answers_twice]


@pytest.fixture
async def stalled(gateway):
    """A connection whose buffer is full because the other end has stopped reading."""
    link = await connect(gateway.url, ping_interval=None)
    await link.send(encode(Ping()))
    await gateway.hear(Ping)
    gateway.links[-1].transport.pause_reading()

    async def fill():
        while True:
            await link.send("x" * 100_000)

    filling = asyncio.create_task(fill())
    while not link.transport.get_write_buffer_size():  # noqa: ASYNC110 - the kernel takes some
        await asyncio.sleep(0)
    yield link, filling
    link.transport.abort()
    await asyncio.gather(filling, return_exceptions=True)


async def test_a_connection_is_cut_if_not_even_a_ping_can_be_sent(stalled):
    link, filling = stalled
    keepalive = Keepalive(interval=0.0, timeout=0.01)
    keepalive._answers = True

    await keepalive.watch(link)

    with pytest.raises(ConnectionClosed):
        await filling


async def test_a_connection_on_which_nothing_moves_is_not_waited_for(stalled):
    link, filling = stalled

    await close_connection(link, seconds=0.01)

    with pytest.raises(ConnectionClosed):
        await filling


SETTINGS = Settings(url="wss://gateway.example", token=TOKEN, spaces=("demo",), worker_id="atlas")


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (TimeoutError(), "did not respond within 20 s"),
        (ssl.SSLCertVerificationError("x"), "SPACES_CA_FILE"),
        (OSError("Name or service not known"), "cannot be reached (Name or service not known)"),
    ],
)
def test_a_failed_dial_is_explained(error, part):
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "self-signed certificate"

    end = connect_failure(error, SETTINGS)

    assert part in end.reason
    assert not end.refused


@pytest.mark.parametrize(("code", "reason"), [(1000, None), (1000, "bye"), (1006, "")])
def test_the_end_of_a_connection_is_told_with_its_code(code, reason):
    end = connection_end(code, reason, 3, SETTINGS, replaced=False)

    assert str(code) in end.reason
    assert (reason or "") in end.reason
    assert end.lived_seconds == 3


@pytest.mark.parametrize(("status", "part"), [(404, "Check the URL"), (429, "with status 429")])
async def test_other_answers_to_the_handshake_are_explained(gateway, serving, status, part):
    ends: list[LinkEnd] = []
    gateway.refuse_with = status

    def delay(end):
        ends.append(end)
        gateway.refuse_with = None
        return 0.01

    await serving(str, reconnect_delay=delay)
    await gateway.hear(Register)

    assert part in ends[0].reason
    assert not ends[0].refused


def offline(tmp_path, **options):
    """Return a worker that finds no gateway."""
    worker = Worker("ws://127.0.0.1:9/v1", TOKEN, worker_id="atlas", state_dir=tmp_path, **options)
    worker.space("demo")(str)
    return worker


@pytest.mark.parametrize(("wish", "ending"), [("drain", "drained"), ("stop", "stopped")])
async def test_a_wish_that_comes_before_serve_has_begun_counts(tmp_path, wish, ending):
    worker = offline(tmp_path)
    serving = asyncio.create_task(worker.serve())

    getattr(worker, wish)()

    async with asyncio.timeout(10):
        assert await serving == ending


@pytest.mark.parametrize(("wish", "ending"), [("drain", "drained"), ("stop", "stopped")])
async def test_a_worker_runs_and_ends_from_other_threads(gateway, tmp_path, wish, ending):
    worker = Worker(gateway.url, TOKEN, worker_id="atlas", state_dir=tmp_path)
    worker.space("demo")(str)
    running = asyncio.create_task(asyncio.to_thread(worker.run))
    await gateway.hear(Register)

    await asyncio.to_thread(getattr(worker, wish))

    assert await running == ending


async def test_a_wish_after_the_end_is_no_error(gateway, serving):
    worker = await serving(str)
    await gateway.hear(Register)
    worker.stop()
    await worker.task

    worker.drain()


def test_a_space_is_registered_once(tmp_path):
    worker = offline(tmp_path)

    def other(prompt):
        return prompt

    with pytest.raises(FunctionError, match=r"space demo has two functions: str and .*other"):
        worker.space("free", "demo")(other)
