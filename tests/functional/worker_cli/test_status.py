"""``spaces-worker status`` beside a worker that runs, and the live line on its terminal."""

import asyncio
import json
import os
import pty
import sys

import pytest

from spaces_protocol.worker_messages import Register, Result
from tests.functional.worker.conftest import ROOT, TOKEN, started

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals"),
]


@pytest.fixture
def status(command):
    """Return a function that asks until the answer is as wanted."""

    async def ask(wanted):
        while True:
            process = await command("status", "--json")
            output, _ = await process.communicate()
            workers = json.loads(output)["workers"]
            if wanted(workers):
                return process.returncode, workers

    return ask


async def test_a_running_worker_and_its_request_are_seen(gateway, command, status):
    process = await command("mock-app", "--json")
    await gateway.hear(Register)
    await gateway.hand_over("demo.1.abc", prompt="/slow 60")
    await started(process)

    code, (worker,) = await status(lambda workers: workers and workers[0]["activity"]["running"])

    assert code == 0
    assert worker["spaces"] == ["demo"]
    assert worker["is_running"]
    assert worker["pid"] == process.pid
    assert worker["activity"]["running"][0]["request_id"] == "demo.1.abc"


async def test_what_was_done_is_counted(gateway, command, status):
    await command("mock-app")
    await gateway.hear(Register)
    for name, prompt in [("a", "/echo hi"), ("b", "/fail no")]:
        await gateway.hand_over(name, prompt=prompt)
        await gateway.hear(Result)

    _, (worker,) = await status(lambda workers: workers and workers[0]["activity"]["failed"])

    assert (worker["activity"]["done"], worker["activity"]["failed"]) == (1, 1)


async def test_a_killed_worker_is_told_and_an_ended_one_is_not(gateway, command, status):
    killed = await command("mock-app", SPACES_WORKER_ID="killed")
    ended = await command("mock-app", SPACES_WORKER_ID="ended")
    await status(lambda workers: len(workers) == 2)
    killed.kill()
    ended.terminate()
    await killed.wait()
    await ended.wait()

    code, (worker,) = await status(lambda workers: True)

    assert code == 4
    assert (worker["worker_id"], worker["is_running"]) == ("killed", False)


async def test_no_worker_is_said(command):
    process = await command("status")
    output, _ = await process.communicate()

    assert output.startswith(b"No worker is running with the state directory /")
    assert process.returncode == 4


async def test_a_missing_config_file_is_said_in_one_line(command):
    process = await command("status", "--config", "/nonexistent")
    output, errors = await process.communicate()

    assert (output, process.returncode) == (b"", 2)
    assert errors == b"Error: The config file /nonexistent does not exist.\n"


async def test_a_terminal_has_a_live_line_that_goes_at_the_end(gateway, tmp_path):
    terminal = Terminal()
    process = await terminal.start("mock-app", gateway=gateway, state=tmp_path)
    await gateway.hear(Register)
    await gateway.hand_over("a", prompt="/echo hi")
    await terminal.shows("idle · 1 done")
    process.terminate()
    await process.wait()

    *_, before, last = (await terminal.rest()).split("\r\x1b[2K")
    assert "Worker finished." in before
    assert last == ""


async def test_without_a_terminal_there_are_plain_lines(gateway, command):
    process = await command("mock-app")
    await gateway.hear(Register)
    process.terminate()
    _, errors = await process.communicate()

    assert b"\r" not in errors
    assert b"\x1b" not in errors


class Terminal:
    """A pseudo terminal, and what was written to it."""

    def __init__(self):
        self._near, self._far = pty.openpty()
        self._written = b""
        self._news = asyncio.Event()

    async def start(self, *arguments, gateway, state):
        asyncio.get_running_loop().add_reader(self._near, self._read)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "spaces_worker", *arguments),
            stderr=self._far,
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "HOME": "/nonexistent",
                "TERM": "xterm-256color",
                "COLUMNS": "100",
                "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'worker_client'}",
                "SPACES_URL": gateway.url,
                "SPACES_TOKEN": TOKEN,
                "SPACES_SPACES": "demo",
                "SPACES_STATE_DIR": str(state),
            },
        )
        os.close(self._far)
        return process

    async def shows(self, text):
        while text not in self._written.decode(errors="replace"):
            self._news.clear()
            await self._news.wait()

    async def rest(self):
        """Return all that was written, once the other side is gone."""
        while self._near is not None:
            self._news.clear()
            await self._news.wait()
        return self._written.decode()

    def _read(self):
        try:
            piece = os.read(self._near, 65536)
        except OSError:
            piece = b""
        self._written += piece
        if not piece:
            asyncio.get_running_loop().remove_reader(self._near)
            os.close(self._near)
            self._near = None
        self._news.set()
