"""What an idle worker weighs and how long its import takes: budgets of a program that stays."""

import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from spaces_protocol.worker_messages import Register, Result

IMPORT = (
    "import time; began = time.process_time(); import spaces_worker; "
    "print(time.process_time() - began)"
)
MAX_IMPORT_SECONDS = 0.3
MAX_IDLE_MEGABYTES = 45
HEAVY = ("httpx", "rich", "typer", "jsonschema", "pydantic", "PIL")


def python(code):
    path = os.pathsep.join(each for each in sys.path if each)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_import_is_quick():
    # Of this process alone: the wall clock of a shared machine measures its other users.
    assert statistics.median(float(python(IMPORT)) for _ in range(3)) <= MAX_IMPORT_SECONDS


def test_the_import_loads_nothing_that_only_some_need():
    code = f"import sys, spaces_worker; print([n for n in {HEAVY!r} if n in sys.modules])"

    assert python(code) == "[]"


async def one_that_answered(gateway, command, request):
    process = await command("run", "--function", "json:dumps")
    await gateway.hear(Register)
    await gateway.hand_over(request)
    await gateway.hear(Result)
    return process


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_an_idle_worker_is_small(gateway, command):
    # The first start may have to compile what pip compiles when it installs.
    first = await one_that_answered(gateway, command, "a")
    first.kill()
    await first.wait()
    process = await one_that_answered(gateway, command, "b")

    status = Path(f"/proc/{process.pid}/status").read_text()  # noqa: ASYNC240 - no real disk
    (kilobytes,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]

    assert int(kilobytes) / 1024 <= MAX_IDLE_MEGABYTES
