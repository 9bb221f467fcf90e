"""A long request through ``Prefer: wait``, by several clients, while functions are killed."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

import psutil

from infra.local.cloud import LocalCloud
from infra.local.lifecycle import running_status
from infra.local.spaces import create_space
from infra.local.worker_command import worker_command
from tests.chaos.report import console

_FOLDER: Final = Path(__file__).with_name("waiting")
_KILLED: Final = ("wait", "api")
_MOMENTS: Final = (0.3, 0.6)
"""When the functions are killed, as parts of the time that the request takes."""
_CONNECT_SECONDS: Final = 8


@dataclass
class Client:
    """A client that waits."""

    name: str
    key: str
    process: subprocess.Popen[str]


def wait_long(cloud: LocalCloud, seconds: int) -> bool:
    """Tell whether every client got the result of its request, which ran once.

    Args:
        cloud: A local cloud that runs.
        seconds: How long each request takes.
    """
    space = create_space(cloud, f"waits-{token_hex(3)}", timeout_seconds=2 * seconds).space
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        worker = _start_worker(cloud, space, seconds, runs)
        try:
            time.sleep(_CONNECT_SECONDS)
            url = f"{running_status(cloud).api_url}/v1/spaces/{space}/requests"
            clients = _start_clients(url, seconds)
            _kill_midway(cloud, seconds)
            good = [_outcome(client, 3 * seconds + 60) for client in clients]
            ran = sorted(runs.read_text().split())
        finally:
            worker.terminate()
            worker.wait()
    console.print(f"The model ran {len(ran)} times for {len(clients)} requests.")
    return all(good) and ran == sorted(client.key for client in clients)


def _start_worker(
    cloud: LocalCloud, space: str, seconds: int, runs: Path
) -> subprocess.Popen[bytes]:
    own = next(each for each in running_status(cloud).spaces if each.space == space)
    function = ("--function", f"{_FOLDER / 'model.py'}:answer", "--concurrency", "4")
    command = worker_command(cloud, own, "run", *function)
    environment = {**command.environment, "MODEL_SECONDS": str(seconds), "MODEL_RUNS": str(runs)}
    return subprocess.Popen(command.arguments, env=environment, stderr=subprocess.DEVNULL)


def _start_clients(url: str, seconds: int) -> list[Client]:
    python, preferred = sys.executable, str(seconds * 2)
    scripts = {
        "httpx": [python, str(_FOLDER / "with_httpx.py")],
        "requests": [python, str(_FOLDER / "with_requests.py")],
        "fetch": ["node", str(_FOLDER / "with_fetch.mjs")],
    }
    keys = {name: f"{name}-{token_hex(3)}" for name in ("curl", *scripts)}
    commands = {name: [*script, url, keys[name], preferred] for name, script in scripts.items()}
    commands["curl"] = _curl(url, keys["curl"], preferred)
    environment = {**os.environ, "NO_PROXY": "*"}
    return [
        Client(
            name,
            keys[name],
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment),
        )
        for name, command in commands.items()
    ]


def _curl(url: str, key: str, preferred: str) -> list[str]:
    headers = (f"Prefer: wait={preferred}", f"Idempotency-Key: {key}")
    return [
        *("curl", "-fsSL", "--retry", "9", "--retry-all-errors", "--retry-delay", "1"),
        *(part for header in headers for part in ("-H", header)),
        *("-H", "Content-Type: application/json", "-d", f'{{"input": {{"prompt": "{key}"}}}}'),
        *("-w", "\n[%{http_code}, %{time_total}, %{num_redirects}]\n", url),
    ]


def _kill_midway(cloud: LocalCloud, seconds: int) -> None:
    began = time.monotonic()
    for moment in _MOMENTS:
        time.sleep(max(0, began + moment * seconds - time.monotonic()))
        for name in _KILLED:
            processes = [each for each in _processes(cloud) if _function_of(each) == name]
            for process in processes:
                process.kill()
            console.print(f"{moment * seconds:.0f} s: killed {len(processes)} processes of {name}")


def _processes(cloud: LocalCloud) -> list[psutil.Process]:
    emulator = running_status(cloud).emulator.process()
    return [] if emulator is None else emulator.children(recursive=True)


def _function_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("POWERTOOLS_SERVICE_NAME")
    except psutil.Error:
        return None


def _outcome(client: Client, seconds: float) -> bool:
    out, _ = client.process.communicate(timeout=seconds)
    lines = [json.loads(line) for line in out.splitlines() if line.strip()]
    results = [line for line in lines if isinstance(line, dict)]
    seen = [line for line in lines if isinstance(line, list)]
    console.print(f"{client.name}: {seen}", markup=False)
    texts = [(result.get("output") or {}).get("text") for result in results]
    return f"answer to {client.key}" in texts
