"""The emulator's process: start it, wait until it is healthy, stop it."""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import psutil

from infra.local.cloud import CREDENTIALS, LocalCloud
from infra.local.status import ProcessMark

_START_SECONDS: Final = 60
_END_SECONDS: Final = 10
REPEAT_SECONDS: Final = "LAMBDA_ASYNC_RETRY_BASE_SECONDS"
"""The emulator's name for how long it waits before it repeats a failed asynchronous invocation. It
waits twice as long before the second repetition."""
_ON_AWS: Final = {REPEAT_SECONDS: "60", "LAMBDA_ASYNC_RETRY_MAX_SECONDS": "120"}
"""One minute and two ("How Lambda handles errors and retries with asynchronous invocation")."""
_PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", REPEAT_SECONDS)
_LISTENED_ON: Final = range(20_000, 32_000, 2)
"""Below the ports of outgoing connections: from 32768 on Linux, from 49152 elsewhere. The port
after each belongs to the stream front."""
_STARTED: Final[list[subprocess.Popen[bytes]]] = []
"""Kept until they end, because Python warns about running processes without a reference."""


class LocalCloudError(RuntimeError):
    """The local cloud cannot do this; the message says what to do."""


def emulator_log(cloud: LocalCloud) -> Path:
    """Return the emulator's log file."""
    return cloud.folder / "emulator.log"


def logs_folder(cloud: LocalCloud) -> Path:
    """Return the folder of the functions' logs, one file per function."""
    return cloud.folder / "logs"


def iam_log(cloud: LocalCloud) -> Path:
    """Return the file with the actions that IAM allowed functions."""
    return cloud.folder / "iam.log"


def start_emulator(cloud: LocalCloud, port: int | None = None) -> ProcessMark:
    """Start the emulator and wait until it is healthy.

    Args:
        cloud: the local cloud.
        port: where the emulator listens if something else stands on the cloud's own port.

    Raises:
        LocalCloudError: the port is in use, or the emulator does not start.
    """
    _refuse_taken_port(cloud)
    scratch = cloud.folder / "emulator"
    for folder in (scratch, logs_folder(cloud)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    iam_log(cloud).unlink(missing_ok=True)
    with emulator_log(cloud).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            cwd=scratch,
            env=_environment(cloud, scratch, port or cloud.port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C goes to the foreground command, which then stops this process.
            start_new_session=True,
        )
    keep_child(process)
    _wait_until_healthy(cloud, process, port or cloud.port)
    return ProcessMark.of(process.pid)


def keep_child(process: subprocess.Popen[bytes]) -> None:
    """Keep a process that `end_process` will end."""
    _STARTED.append(process)


def start_helper(
    command: list[str], log_file: Path, is_up: Callable[[], bool], *, name: str, seconds: int
) -> ProcessMark:
    """Start a process that stands beside the emulator, and wait until it is up.

    Args:
        command: Python's arguments.
        log_file: where its output goes.
        is_up: tells whether it can be used.
        name: what it is, for the error text.
        seconds: how long it may take.

    Raises:
        LocalCloudError: it does not start.
    """
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C goes to the foreground command, which then stops this process.
            start_new_session=True,
        )
    keep_child(process)
    deadline = time.monotonic() + seconds
    while not is_up():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise LocalCloudError(f"{name} did not start. Its log: {log_file}")
        time.sleep(0.1)
    return ProcessMark.of(process.pid)


def free_port() -> int:
    """Return a port that nothing uses, and that no outgoing connection is given meanwhile.

    A port that the system picks is one of those that it gives to outgoing connections: before a
    server listens there, a connection can have taken it.
    """
    for port in random.sample(_LISTENED_ON, len(_LISTENED_ON)):
        if _is_free(port) and _is_free(port + 1):
            return port
    raise LocalCloudError("No port between 20000 and 32000 is free.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_healthy(cloud: LocalCloud) -> bool:
    """Return whether the emulator responds, through the edge if there is one."""
    return responds(cloud.port)


def responds(port: int) -> bool:
    """Return whether the emulator responds at a port."""
    try:
        with httpx.Client(trust_env=False, timeout=5) as client:
            return client.get(f"http://localhost:{port}/_ministack/health").is_success
    except httpx.HTTPError:
        return False


def end_process(mark: ProcessMark) -> bool:
    """Stop a process and its descendants; return whether it was still running."""
    process = mark.process()
    if process is None:
        return False
    family = [process, *process.children(recursive=True)]
    _signal(family, "terminate")
    _, alive = psutil.wait_procs(family, timeout=_END_SECONDS)
    _signal(alive, "kill")
    psutil.wait_procs(alive, timeout=_END_SECONDS)
    _reap(mark.pid)
    return True


def _reap(pid: int) -> None:
    """Reap a process that was started here and has ended."""
    for process in [each for each in _STARTED if each.pid == pid]:
        process.wait(_END_SECONDS)
        _STARTED.remove(process)


def _signal(processes: list[psutil.Process], how: str) -> None:
    for process in processes:
        try:
            getattr(process, how)()
        except psutil.NoSuchProcess:
            continue


def _refuse_taken_port(cloud: LocalCloud) -> None:
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", cloud.port)) == 0:
            raise LocalCloudError(
                f"Port {cloud.port} is in use by another program. Stop that program or choose "
                f"another port: --port {cloud.port + 2} (make: PORT={cloud.port + 2})."
            )


def _environment(cloud: LocalCloud, scratch: Path, port: int) -> dict[str, str]:
    # A minimal environment, because functions inherit it. AWS_ENDPOINT_URL stays unset: the
    # emulator sets the right one for its functions.
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **_ON_AWS,
        **passed_on,
        **CREDENTIALS,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "AUTH": "true",
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(scratch),
        "S3_DATA_DIR": str(scratch / "s3"),
        "STATE_DIR": str(scratch / "state"),
        # Python imports sitecustomize.py from there, which saves what functions print.
        "PYTHONPATH": str(Path(__file__).with_name("function_logs")),
        "SPACES_LOCAL_AWS": f"http://127.0.0.1:{cloud.port}",
        "SPACES_LOCAL_LOGS": str(logs_folder(cloud)),
        "SPACES_LOCAL_IAM_LOG": str(iam_log(cloud)),
    }


def _wait_until_healthy(cloud: LocalCloud, process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not responds(port):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            _reap(process.pid)
            tail = "".join(
                emulator_log(cloud).read_text(errors="replace").splitlines(keepends=True)[-15:]
            )
            raise LocalCloudError(f"The emulator did not start. The last lines of its log:\n{tail}")
        time.sleep(0.1)
