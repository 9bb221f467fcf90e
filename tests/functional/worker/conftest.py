"""The other end of the link: a small WebSocket server that speaks the contract."""

import asyncio
import contextlib
import json
import os
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from websockets.asyncio.server import serve
from websockets.http11 import Response

from spaces_protocol.codec import decode_worker_message, encode
from spaces_protocol.gateway_messages import (
    AcceptedSpace,
    Ack,
    Input,
    Registered,
    RejectedSpace,
    Request,
)
from spaces_protocol.worker_messages import Progress, Register, Result
from spaces_worker import Worker

TOKEN = "wst_test"
ROOT = Path(__file__).parents[3]


class Gateway:
    """Accepts workers, keeps what they say, and answers as the tests tell it."""

    def __init__(self):
        self.heard = asyncio.Queue()
        self.links = []
        self.headers = []
        self.refuse_with = None
        self.location = None
        self.rejections = 0
        self.acknowledges = True
        self.verdict = "stored"
        self.files_url = None
        self.port = 0
        self._server = None

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}/v1"

    async def start(self):
        self._server = await serve(
            self._talk,
            "127.0.0.1",
            self.port,
            process_request=self._check,
            compression=None,
            max_size=None,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def die(self):
        """End without a closing handshake, as a lost network does."""
        for link in self.links:
            link.transport.abort()
        self.links.clear()
        self._server.close()
        await self._server.wait_closed()

    async def hand_over(self, name, prompt="Hello", attempt=1):
        await self.links[-1].send(encode(make_request(name, prompt, attempt)))

    async def hear(self, kind):
        """Return the next message of a kind; others are passed over."""
        while True:
            message = await self.heard.get()
            if isinstance(message, kind):
                return message

    def _check(self, _connection, request):
        self.headers.append(request.headers)
        if self.refuse_with is not None:
            headers = request.headers.__class__()
            if self.location is not None:
                headers["Location"] = self.location
            return Response(self.refuse_with, "No", headers, b"")
        return None

    async def _talk(self, link):
        self.links.append(link)
        with contextlib.suppress(Exception):
            async for text in link:
                message = decode_worker_message(text)
                self.heard.put_nowait(message)
                await self._answer(link, message)

    async def _answer(self, link, message):
        if isinstance(message, Register):
            await link.send(encode(self._registered(message)))
        elif isinstance(message, Result) and self.acknowledges:
            await link.send(encode(Ack(request_id=message.request_id, status=self.verdict)))

    def _registered(self, message):
        rejected = self.rejections > 0
        self.rejections -= rejected
        why = {"reason": "duplicate_connection", "detail": "Worker x is linked."}
        return Registered(
            accepted=[]
            if rejected
            else [AcceptedSpace(space=space, timeout_seconds=120) for space in message.spaces],
            rejected=[
                RejectedSpace(space=space, retry_after_seconds=1.0, **why)
                for space in message.spaces
                if rejected
            ],
            renew_before=datetime.now(UTC) + timedelta(hours=1),
            ping_seconds=180,
            lease_seconds=30,
            files_url=self.files_url,
        )


def make_request(name, prompt="Hello", attempt=1):
    deadline = datetime.now(UTC) + timedelta(seconds=120)
    return Request(
        request_id=name,
        space="demo",
        attempt=attempt,
        deadline=deadline,
        input=Input(prompt=prompt),
    )


@pytest.fixture
async def gateway():
    gateway = Gateway()
    await gateway.start()
    yield gateway
    with contextlib.suppress(Exception):
        await gateway.die()


@pytest.fixture
async def serving(gateway, tmp_path):
    """Return a function that starts a worker around a function; all end with the test."""
    running = []

    async def start(function, *, examples=(), **options):
        defaults = {
            "reconnect_delay": lambda end: 0.02,
            "worker_id": "atlas",
            "state_dir": tmp_path / "state",
        }
        worker = Worker(url=gateway.url, token=TOKEN, **{**defaults, **options})
        worker.space("demo", examples=examples)(function)
        task = asyncio.create_task(worker.serve())
        running.append(task)
        worker.task = task
        return worker

    yield start
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


@pytest.fixture
async def command(gateway, tmp_path):
    """Return a function that starts the command; all processes end with the test.

    ``terminal``: a file descriptor that it writes to, instead of pipes.
    """
    processes = []

    async def start(*arguments, terminal=None, **variables):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "spaces_worker",
            *arguments,
            stderr=asyncio.subprocess.PIPE if terminal is None else terminal,
            stdout=asyncio.subprocess.PIPE if terminal is None else terminal,
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "HOME": "/nonexistent",
                "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'worker_client'}",
                "SPACES_URL": gateway.url,
                "SPACES_TOKEN": TOKEN,
                "SPACES_SPACES": "demo",
                "SPACES_STATE_DIR": str(tmp_path / "state"),
                **variables,
            },
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def started(process):
    """Wait until a request runs, as the log says."""
    while True:
        line = json.loads(await process.stderr.readline())
        if line["message"].endswith("started."):
            return


async def gone(process):
    """Whether a process of psutil ends in a moment; one that nobody has waited for counts."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for _ in range(100):
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            await asyncio.sleep(0.05)
    return not process.is_running()


class Relay:
    """A TCP relay that notes the frames a worker sends: (payload size, final) each."""

    def __init__(self, port):
        self.port = 0
        self.frames = []
        self._target = port
        self._server = None
        self._bytes = bytearray()

    async def start(self):
        self._server = await asyncio.start_server(self._link, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()

    async def _link(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        far_writer.write(await reader.readuntil(b"\r\n\r\n"))
        await asyncio.gather(
            self._pass(reader, far_writer, note=True), self._pass(far_reader, writer, note=False)
        )

    async def _pass(self, reader, writer, *, note):
        while chunk := await reader.read(65536):
            if note:
                self._bytes += chunk
                self._note_frames()
            writer.write(chunk)
        writer.close()

    def _note_frames(self):
        while (frame := self._first_frame()) is not None:
            header, size, final = frame
            if len(self._bytes) < header + size:
                return
            self.frames.append((header + size, final))
            del self._bytes[: header + size]

    def _first_frame(self):
        if len(self._bytes) < 2:
            return None
        size, header = self._bytes[1] & 0x7F, 6
        if size == 126:
            size, header = struct.unpack_from("!H", self._bytes.ljust(4), 2)[0], 8
        elif size == 127:
            size, header = struct.unpack_from("!Q", self._bytes.ljust(10), 2)[0], 14
        return header, size, bool(self._bytes[0] & 0x80)


__all__ = ["TOKEN", "Gateway", "Progress", "Relay", "gone", "make_request", "started"]
