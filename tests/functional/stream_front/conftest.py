"""The stream front over a function of a few lines, run by the real runtime."""

import asyncio
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from infra.local.emulator import free_port
from infra.local.stream_front.execution import Execution
from infra.local.stream_front.executions import Executions
from infra.local.stream_front.front import Front, listen
from infra.local.stream_front.function import Function

FUNCTIONS = Path(__file__).parents[3] / "functions"
PAGE = "http://page.localhost"
HANDLERS = """
import json
import os
import time
from pathlib import Path

from streaming_runtime.response import Response

FOLDER = Path(__file__).parent
TEXT = {"Content-Type": "text/plain"}


def handler(event, context):
    return globals()[event["rawPath"][1:]](event, context)


def echo(event, context):
    return Response(200, {"Content-Type": "application/json"}, [json.dumps(event).encode()])


def process(event, context):
    told = {"pid": os.getpid(), "key": os.environ["AWS_ACCESS_KEY_ID"]}
    return Response(200, TEXT, [json.dumps(told).encode()])


def paced(event, context):
    def pieces():
        yield b"first"
        while not (FOLDER / "go").exists():
            time.sleep(0.01)
        for _ in range(200):
            yield b"x" * 10_000
        (FOLDER / "done").touch()

    return Response(200, TEXT, pieces())


def fails(event, context):
    raise ValueError("a secret")


def fails_midway(event, context):
    def pieces():
        yield b"first"
        raise ValueError("a secret")

    return Response(200, TEXT, pieces())


def hangs(event, context):
    time.sleep(60)


def hangs_midway(event, context):
    def pieces():
        yield b"first"
        time.sleep(60)

    return Response(200, TEXT, pieces())


def much(event, context):
    def pieces():
        with (FOLDER / "made").open("ab", buffering=0) as made:
            for _ in range(500):
                yield b"x" * 100_000
                made.write(b".")
        (FOLDER / "done").touch()

    return Response(200, TEXT, pieces())


def nothing(event, context):
    return Response(204)


def dies(event, context):
    os._exit(3)
"""


def function_in(folder, handler="front_handlers.handler", seconds=20):
    (folder / "front_handlers.py").write_text(HANDLERS)
    (folder / "broken.py").write_text("import no_such_module")
    return Function(
        command=(str(FUNCTIONS / "streaming_runtime" / "start"), sys.executable),
        arn="arn:aws:lambda:eu-central-1:1:function:s",
        timeout=seconds,
        environment={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(folder),
            "LAMBDA_TASK_ROOT": str(FUNCTIONS),
            "_HANDLER": handler,
        },
    )


@contextmanager
def served(function, most=4):
    """Serve a function; yield a client of the front."""
    started = []

    async def start():
        started.append(await Execution.start(function, {"AWS_ACCESS_KEY_ID": "ASIAROLE"}))
        return started[-1]

    port = free_port()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(
        listen(Front(Executions(start, most), "the key", PAGE), port), loop
    ).result(10)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20
        ) as client:
            yield client
    finally:
        asyncio.run_coroutine_threadsafe(end(server, started), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def end(server, executions):
    """End the processes, also those whose caller has gone, and what still serves a connection."""
    server.close()
    for execution in executions:
        await execution.end()
    serving = asyncio.all_tasks() - {asyncio.current_task()}
    for task in serving:
        task.cancel()
    await asyncio.gather(*serving, return_exceptions=True)


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def front(folder):
    with served(function_in(folder)) as client:
        yield client
