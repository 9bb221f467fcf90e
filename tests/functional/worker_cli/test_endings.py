"""Each way a worker can end, with every kind of work running: who answers, and what lives on."""

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import sys
import termios
import time
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Input, Request
from spaces_protocol.worker_messages import Decline, Progress, Register, Result
from tests.functional.worker.conftest import ROOT, TOKEN, gone
from tests.usual_signals import usual_signals

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]

MODEL = """
import asyncio, os, time
from pathlib import Path
from spaces_worker import RequestContext, Worker
from spaces_worker.adapters.command import CommandLine
from spaces_worker.adapters.http import HttpEndpoint
from spaces_worker.adapters.openai import OpenAIChat

worker = Worker(concurrency=8)
HERE = Path(__file__).parent
GO = HERE / "go"

@worker.space("thread")
def thread(context: RequestContext):
    context.stream("began")
    while not GO.exists():
        time.sleep(0.02)
    print("A function may print, even if its terminal is gone.")

@worker.space("async")
async def later(context: RequestContext):
    context.stream("began")
    while not GO.exists():
        await asyncio.sleep(0.02)

@worker.space("generator")
def generator(prompt):
    yield "began"
    while not GO.exists():
        time.sleep(0.02)
        yield ""

worker.space("command")(CommandLine(f"sh {HERE}/program.sh {HERE}"))
worker.space("http")(HttpEndpoint(os.environ["UPSTREAM"] + "/http"))
worker.space("openai")(OpenAIChat(os.environ["UPSTREAM"] + "/v1", "m"))
"""
PROGRAM = """
echo $$
sh -c 'echo $$ > $0/child; while [ ! -e $0/go ]; do sleep 0.05; done' $1
"""
KINDS = ("thread", "async", "generator", "command", "http", "openai")

ANSWERED = dict.fromkeys(KINDS, "answered")
RETURNED = dict.fromkeys(KINDS, "returned")
LOST = dict.fromkeys(KINDS, "lost")


class Scene:
    """A worker that runs one request of each kind until it is released."""

    def __init__(self, gateway, server, folder):
        self._gateway = gateway
        self._go = folder / "go"
        self._child = folder / "child"
        self._finished = set()
        self.programs = []
        self.process = None
        server.reply = self._reply

    async def run(self, process):
        self.process = process
        await self._gateway.hear(Register)
        deadline = datetime.now(UTC) + timedelta(seconds=60)
        for kind in KINDS:
            request = Request(
                request_id=f"{kind}.1.abc",
                space=kind,
                attempt=1,
                deadline=deadline,
                input=Input(prompt="Hello"),
            )
            await self._gateway.links[-1].send(encode(request))
        begun = {}
        while len(begun) < len(KINDS):
            message = await self._gateway.hear(Progress)
            if message.chunk is not None:
                begun[message.request_id.partition(".")[0]] = message.chunk.text
        while not self._child.exists() or not self._child.read_text().strip():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        pids = begun["command"], self._child.read_text()
        self.programs = [psutil.Process(int(pid)) for pid in pids]

    def release(self):
        self._go.touch()

    def _reply(self, call):
        path = call.path

        def pieces():
            if path == "/http":
                yield b"data: began\n\n"
            else:
                yield b'data: {"choices": [{"delta": {"content": "began"}}]}\n\n'
            while not self._go.exists():
                time.sleep(0.02)
                yield b": nothing yet\n\n"
            yield b"data: [DONE]\n\n"
            self._finished.add(path)

        call.stream("text/event-stream", pieces())

    async def outcome(self):
        """Return what became of each request, once the worker is gone."""
        async with asyncio.timeout(30):
            code = await self.process.wait()
        messages = []
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                messages.append(self._gateway.heard.get_nowait())
        fates = dict.fromkeys(KINDS, "lost")
        for message in messages:
            if isinstance(message, Result | Decline):
                done = isinstance(message, Result) and message.status == "completed"
                fate = "answered" if done else "failed"
                fate = "returned" if isinstance(message, Decline) else fate
                fates[message.request_id.partition(".")[0]] = fate
        return fates, code

    async def upstreams_finished(self):
        """Whether both servers wrote to the end; otherwise the worker hung up on them."""
        await asyncio.sleep(0.2)
        return self._finished == {"/http", "/v1/chat/completions"}


@pytest.fixture(autouse=True)
def from_a_terminal():
    with usual_signals():
        yield


@pytest.fixture
async def scene(gateway, server, tmp_path):
    """Return a function that starts a worker with a request of each kind; it ends with the test."""
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "program.sh").write_text(PROGRAM)
    scenes = []

    async def start(terminal=None, before=None):
        scene = Scene(gateway, server, tmp_path)
        output = asyncio.subprocess.DEVNULL if terminal is None else terminal
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "spaces_worker",
            "run",
            "--function",
            f"{tmp_path / 'model.py'}:worker",
            stdin=output,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            preexec_fn=before,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'worker_client'}",
                "SPACES_URL": gateway.url,
                "SPACES_TOKEN": TOKEN,
                "SPACES_STATE_DIR": str(tmp_path / "state"),
                "TERM": "xterm",
                "UPSTREAM": server.url,
            },
        )
        scene.process = process
        scenes.append(scene)
        await scene.run(process)
        return scene

    yield start
    for scene in scenes:
        scene.release()
        if scene.process.returncode is None:
            scene.process.kill()
        await scene.process.wait()
        for program in scene.programs:
            with contextlib.suppress(psutil.NoSuchProcess):
                program.kill()


ENDINGS = {
    "SIGTERM": ([signal.SIGTERM], ANSWERED, 0),
    "SIGHUP twice": ([signal.SIGHUP, signal.SIGHUP], ANSWERED, 0),
    "SIGTERM twice": ([signal.SIGTERM, signal.SIGTERM], RETURNED, 130),
    "SIGQUIT": ([signal.SIGQUIT], RETURNED, 130),
    "SIGKILL": ([signal.SIGKILL], LOST, -signal.SIGKILL),
}
"""Further orders of signals are in the unit test of the signals."""


@pytest.mark.parametrize(("signals", "fates", "code"), ENDINGS.values(), ids=ENDINGS)
async def test_the_end_of_a_worker(scene, signals, fates, code):
    ending = await scene()
    for number in signals:
        ending.process.send_signal(number)
        await asyncio.sleep(0.3)  # two signals at once would be one
    if fates is ANSWERED:
        assert ending.process.returncode is None
        ending.release()

    assert await ending.outcome() == (fates, code)
    assert [await gone(program) for program in ending.programs] == [True, True]
    assert await ending.upstreams_finished() is (fates is ANSWERED)


async def test_a_closed_terminal_lets_the_running_requests_finish(scene):
    master, slave = pty.openpty()

    def own_terminal():
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    ending = await scene(slave, own_terminal)
    os.close(slave)
    os.close(master)
    await asyncio.sleep(0.3)
    ending.release()

    assert await ending.outcome() == (ANSWERED, 0)
    assert [await gone(program) for program in ending.programs] == [True, True]


async def test_nohup_keeps_a_worker_going(scene):
    going = await scene(before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    going.process.send_signal(signal.SIGHUP)
    await asyncio.sleep(0.3)
    assert all(program.is_running() for program in going.programs)
    going.release()
    await asyncio.sleep(0.3)
    assert going.process.returncode is None
    going.process.send_signal(signal.SIGTERM)

    assert await going.outcome() == (ANSWERED, 0)
