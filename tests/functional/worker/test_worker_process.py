"""The real command in a real process."""

import asyncio
import json
import signal
import sys

import psutil
import pytest

from spaces_protocol.worker_messages import Decline, Drain, Register, Result
from spaces_worker import __version__
from tests.functional.worker.conftest import ROOT, gone, started

pytestmark = pytest.mark.timeout(60)


async def test_mock_app_answers_with_all_that_a_model_tells(gateway, command):
    await command("mock-app", "--min-seconds", "0", "--max-seconds", "0.1")
    await gateway.hear(Register)
    await gateway.hand_over("a", prompt="one two three")

    result = await gateway.hear(Result)

    assert "> one two three" in result.output.text
    assert 0.7 <= result.confidence <= 0.99
    assert result.model == "mock-1"
    assert result.usage.input_tokens == 3
    assert result.usage.total_tokens == 3 + result.usage.output_tokens


async def test_mock_app_fails_on_demand(gateway, command):
    await command("mock-app")
    await gateway.hear(Register)
    for name, prompt in [("a", "/fail Too dark."), ("b", "/crash"), ("c", "/echo hi")]:
        await gateway.hand_over(name, prompt=prompt)

    fail, crash, echo = [await gateway.hear(Result) for _ in range(3)]

    assert (fail.status, fail.error.message) == ("failed", "Too dark.")
    assert (crash.status, crash.error.type) == ("failed", "worker_error")
    assert "asked for" not in crash.error.message
    assert echo.output.text == "hi"


async def test_mock_app_takes_its_time_grows_large_and_dies_on_demand(gateway, command):
    process = await command("mock-app")
    await gateway.hear(Register)
    await gateway.hand_over("a", prompt="/slow 0.2")
    await gateway.hand_over("b", prompt="/large 100")
    slow, large = [await gateway.hear(Result) for _ in range(2)]
    await gateway.hand_over("c", prompt="/die")

    assert slow.inference_time >= 0.2
    assert len(large.output.text) == 100 * 1024
    assert await process.wait() == 137


async def test_mock_app_dies_only_at_the_first_attempt(gateway, command):
    await command("mock-app")
    await gateway.hear(Register)

    await gateway.hand_over("a", prompt="/die", attempt=2)

    assert (await gateway.hear(Result)).output.text == "Alive again, at attempt 2."


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_first_signal_lets_the_running_request_finish(gateway, command, number):
    process = await command("mock-app", "--json")
    await gateway.hear(Register)
    await gateway.hand_over("a", prompt="/slow 0.5")
    await started(process)
    process.send_signal(number)

    await gateway.hear(Drain)
    result = await gateway.hear(Result)

    assert result.status == "completed"
    assert await process.wait() == 0


async def test_the_second_signal_stops_at_once_and_hands_back(gateway, command):
    process = await command("mock-app", "--json")
    await gateway.hear(Register)
    await gateway.hand_over("a", prompt="/slow 3600")
    await started(process)
    process.send_signal(signal.SIGINT)
    await gateway.hear(Drain)

    process.send_signal(signal.SIGINT)

    assert (await gateway.hear(Decline)).request_id == "a"
    assert await process.wait() == 130


async def test_a_stuck_thread_does_not_hold_up_the_second_signal(gateway, command, tmp_path):
    (tmp_path / "stuck.py").write_text("import time\ndef stuck(prompt): time.sleep(3600)\n")
    process = await command("run", "--json", "--function", f"{tmp_path / 'stuck.py'}:stuck")
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await started(process)
    process.send_signal(signal.SIGTERM)
    await gateway.hear(Drain)

    process.send_signal(signal.SIGTERM)

    assert await process.wait() == 130


BLOCKS = """
import time
from pathlib import Path
from spaces_worker import RequestContext
from spaces_worker.adapters.command import CommandLine

async def slow(context: RequestContext):
    async for text in CommandLine("sh -c 'echo $$; exec sleep 600'")(context):
        Path(__file__).with_name("pid").write_text(text)
        time.sleep(600)
"""


async def test_a_blocked_event_loop_does_not_hold_up_the_second_signal(gateway, command, tmp_path):
    (tmp_path / "blocks.py").write_text(BLOCKS)
    process = await command("run", "--json", "--function", f"{tmp_path / 'blocks.py'}:slow")
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await started(process)
    while not (pid := _written(tmp_path / "pid")):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.05)
    program = psutil.Process(int(pid))
    process.send_signal(signal.SIGINT)
    await asyncio.sleep(0.2)  # two signals at once would be one

    process.send_signal(signal.SIGINT)
    _, errors = await process.communicate()

    assert process.returncode == 130
    assert b"The event loop is blocked; exiting anyway" in errors
    assert await gone(program)


def _written(path):
    return path.read_text().strip() if path.exists() else ""


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "part"),
    [
        (["mock-app"], {"SPACES_TOKEN": ""}, 2, b"No token is set"),
        (["mock-app", "--spaces", "No!"], {}, 2, b"--spaces: 'No!' is not a valid space name"),
        (["mock-app", "--nonsense"], {}, 2, b"--nonsense"),
        (["run", "--function", "nowhere:f"], {}, 3, b"There is no module nowhere"),
        (["run", "--function", "json:JSONDecoder.x"], {}, 3, b"There is no function"),
    ],
)
async def test_errors_end_with_their_exit_code(command, arguments, variables, code, part):
    process = await command(*arguments, **variables)
    _, errors = await process.communicate()

    assert process.returncode == code
    assert part in errors
    assert b"Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--version"], f"spaces-worker {__version__}\n".encode()),
        (["--help"], b"Exit codes"),
        (["run", "--help"], b"--function"),
        (["mock-app", "--help"], b"/fail TEXT"),
    ],
)
async def test_help_and_version_are_answered(command, arguments, part):
    process = await command(*arguments)
    output, _ = await process.communicate()

    assert process.returncode == 0
    assert part in output


async def test_the_example_detects_a_language(gateway, command):
    name = "worker_client/examples/detect_language.py:detect_language"
    await command("run", "--function", name)
    await gateway.hear(Register)
    await gateway.hand_over("a", prompt="Où est la bibliothèque, s'il vous plaît ?")

    result = await gateway.hear(Result)

    assert result.output.data["language"] == "fr"
    assert "French" in result.output.text
    assert result.confidence > 0.9


FAILS = """
from spaces_worker import UserError
def answer(prompt):
    if prompt == "user":
        raise UserError("no")
    raise RuntimeError("boom")
"""


async def test_every_json_line_about_a_request_names_it(gateway, command, tmp_path):
    (tmp_path / "fails.py").write_text(FAILS)
    process = await command("run", "--json", "--function", f"{tmp_path / 'fails.py'}:answer")
    await gateway.hear(Register)
    for name, prompt in [("first", "user"), ("second", "")]:
        await gateway.hand_over(name, prompt=prompt)
        await gateway.hear(Result)
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()

    lines = [json.loads(line) for line in errors.splitlines()]
    found = [line.get("request_id") for line in lines if "Request " in line["message"]]
    assert found == ["first", "first", "second", "second"]
    (failure,) = [line for line in lines if "exception" in line]
    assert failure["request_id"] == "second"
    assert "RuntimeError: boom" in failure["exception"]


NO_NAMES = """
import asyncio, os, signal, socket, sys, threading, time
from spaces_worker import Worker

def hangs(*_, **__):
    asked.set()
    time.sleep(600)

asked = threading.Event()
socket.getaddrinfo = hangs
worker = Worker(url="wss://gateway.invalid/v1", token="wst_x")

@worker.space("demo")
def answer(prompt): return prompt

def interrupt():
    asked.wait()
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt, daemon=True).start()
print(worker.run())
"""


async def test_a_name_server_that_hangs_does_not_hold_up_the_end(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        NO_NAMES,
        stdout=asyncio.subprocess.PIPE,
        env={
            "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'worker_client'}",
            "SPACES_STATE_DIR": str(tmp_path),
        },
    )
    try:
        async with asyncio.timeout(20):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()

    assert (process.returncode, output.strip()) == (0, b"drained")
