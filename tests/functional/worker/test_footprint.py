"""What an idle worker weighs and how much its import loads: budgets of a program that stays."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.asyncio.server import serve

from spaces_protocol.worker_messages import Register, Result
from tests.functional.worker.own_authority import certificate

IMPORT = (
    "import sys; before = len(sys.modules); import spaces_worker; print(len(sys.modules) - before)"
)
MAX_IMPORTED_MODULES = 330
"""For the time they take, see benchmarks/RESULTS.md."""
MAX_IDLE_MEGABYTES = 45
HEAVY = ("click", "httpx", "wcwidth", "jsonschema", "pydantic", "PIL")


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


def test_the_import_loads_few_modules():
    assert int(python(IMPORT)) <= MAX_IMPORTED_MODULES


def test_the_import_loads_nothing_that_only_some_need():
    code = f"import sys, spaces_worker; print([n for n in {HEAVY!r} if n in sys.modules])"

    assert python(code) == "[]"


@pytest.fixture
async def secure_url(gateway, tmp_path):
    """Serve what the gateway serves over TLS, by an authority of its own in ``ca.pem``."""
    server = await serve(
        gateway._talk, "127.0.0.1", 0, ssl=certificate(tmp_path)[1], compression=None
    )
    yield f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    server.close()


async def one_that_answered(gateway, command, request, **variables):
    process = await command("run", "--function", "json:dumps", **variables)
    await gateway.hear(Register)
    await gateway.hand_over(request)
    await gateway.hear(Result)
    return process


def kilobytes_of(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    (kilobytes,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
    return int(kilobytes)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
@pytest.mark.parametrize("on_a_terminal", [False, True], ids=["service", "terminal"])
async def test_an_idle_worker_is_small(
    gateway, command, secure_url, tmp_path, secure, on_a_terminal
):
    variables = {"TERM": "xterm"}
    if secure:
        variables |= {"SPACES_URL": secure_url, "SPACES_CA_FILE": str(tmp_path / "ca.pem")}
        # The system's authorities are loaded, too, as with a gateway on the Internet.
        variables |= {name: os.environ[name] for name in ("SSL_CERT_FILE",) if name in os.environ}
    # The first start may have to compile what pip compiles when it installs.
    first = await one_that_answered(gateway, command, "a", **variables)
    first.kill()
    await first.wait()
    near, far = pty.openpty()
    terminal = far if on_a_terminal else None
    process = await one_that_answered(gateway, command, "b", terminal=terminal, **variables)

    kilobytes = kilobytes_of(process)
    os.close(near)
    os.close(far)

    assert kilobytes / 1024 <= MAX_IDLE_MEGABYTES


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_worker_on_a_terminal_loads_no_library_to_paint_with(gateway, command, tmp_path):
    (tmp_path / "seen.py").write_text("import sys\ndef seen(prompt): return sorted(sys.modules)")
    near, far = pty.openpty()
    function = ("run", "--function", f"{tmp_path / 'seen.py'}:seen")
    await command(*function, terminal=far, TERM="xterm")
    await gateway.hear(Register)
    await gateway.hand_over("a")
    result = await gateway.hear(Result)
    os.close(near)
    os.close(far)

    assert {"rich", "httpx", "jsonschema"}.isdisjoint(result.output.data)
