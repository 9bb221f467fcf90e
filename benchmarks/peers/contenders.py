"""The other designs: what each consists of, and how to call it."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from benchmarks.peers.programs import PEERS_PYTHON, SCRIPTS, CallerProcess, Program, family
from infra.local.emulator import free_port

GRADIO: Final = "Gradio"
SOCKETIO: Final = "Flask-SocketIO"
CELERY: Final = "Celery"
CELERY_LATE: Final = "Celery, acks_late"
CELERY_AOF: Final = "Celery, acks_late, AOF"
OLLABRIDGE: Final = "OllaBridge"


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Contender:
    """A system under test.

    Attributes:
        server: what must keep running besides the worker; None if that is not a process of ours.
        worker: what runs the model; None if the server does.
        caller: the command line of its callers.
        environment: what its callers get besides this process's environment.
        needs_worker: whether it refuses requests while no worker is connected.
        also_killed: kills what belongs to the server besides its process.
        served_by: returns the processes whose memory counts as the server's.
        runs: the file in which its model notes what it runs; None if it does not.
    """

    server: Program | None
    worker: Program | None
    caller: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    needs_worker: bool = False
    also_killed: Callable[[], None] = _nothing
    served_by: Callable[[], list[psutil.Process]] | None = None
    runs: Path | None = None

    def server_processes(self) -> list[psutil.Process]:
        """Return the processes of the server."""
        if self.served_by is not None:
            return self.served_by()
        return family(self.server.process.pid) if self.server and self.server.process else []


@contextmanager
def running(contender: Contender, *, with_worker: bool = True) -> Iterator[CallerProcess]:
    """Start a contender and its callers; kill them at the end of the block."""
    caller: CallerProcess | None = None
    try:
        if contender.server is not None:
            contender.server.start()
        if contender.worker is not None and (with_worker or contender.needs_worker):
            contender.worker.start()
        caller = CallerProcess(contender.caller, contender.environment)
        caller.expect_ready()
        yield caller
    finally:
        if caller is not None:
            caller.end()
        for program in (contender.worker, contender.server):
            if program is not None:
                program.kill()


def peers(folder: Path, *, noted: bool = False) -> dict[str, Contender]:
    """Return all other designs that can run here.

    Args:
        folder: an empty folder for what they store.
        noted: whether their models note what they run.
    """
    found = peers_in_memory(folder, noted=noted)
    redis = shutil.which("redis-server")
    if redis is None:
        print("redis-server is not installed (Debian: redis-server): Celery is left out.")
        return found
    for name in (CELERY, CELERY_LATE, CELERY_AOF):
        found[name] = _celery(name, redis, folder, folder / f"{name}.runs" if noted else None)
    return found


def peers_in_memory(folder: Path, *, noted: bool = False) -> dict[str, Contender]:
    """Return those that keep their queue in the memory of one process; see `peers`."""
    kinds = {GRADIO: _gradio, SOCKETIO: _socketio, OLLABRIDGE: _ollabridge}
    return {
        name: make(folder, folder / f"{name}.runs" if noted else None)
        for name, make in kinds.items()
    }


def noting(runs: Path | None) -> dict[str, str]:
    """Return the environment in which ``scripts/model.py`` notes its runs."""
    return {} if runs is None else {"RUNS": str(runs)}


def _script(name: str, *arguments: object) -> list[str]:
    return [str(PEERS_PYTHON), str(SCRIPTS / name), *map(str, arguments)]


def _gradio(_folder: Path, runs: Path | None) -> Contender:
    port = free_port()
    server = Program(_script("gradio_app.py", port), port, noting(runs))
    return Contender(server, None, _script("gradio_caller.py", port), runs=runs)


def _socketio(_folder: Path, runs: Path | None) -> Contender:
    port = free_port()
    return Contender(
        Program(_script("socketio_relay.py", port), port),
        Program(_script("socketio_worker.py", port), None, noting(runs)),
        _script("socketio_caller.py", port),
        runs=runs,
    )


def _celery(name: str, redis: str, folder: Path, runs: Path | None) -> Contender:
    port = free_port()
    environment = {"REDIS_PORT": str(port), "ACKS_LATE": "0" if name == CELERY else "1"}
    data = folder / f"redis-{port}"
    data.mkdir()
    server = [redis, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(data)]
    if name == CELERY_AOF:
        server += ["--appendonly", "yes", "--appendfsync", "everysec"]
    options = ("--concurrency", "1", "--loglevel", "ERROR")
    worker = [str(PEERS_PYTHON), "-m", "celery", "-A", "celery_app", "worker", *options]
    return Contender(
        Program(server, port),
        Program(worker, None, {**environment, **noting(runs), "C_FORCE_ROOT": "1"}),
        _script("celery_caller.py"),
        environment,
        runs=runs,
    )


def _ollabridge(folder: Path, runs: Path | None) -> Contender:
    port = free_port()
    environment = {
        "API_KEYS": "key",
        "DATA_DIR": str(folder / f"ollabridge-{port}"),
        "ENROLLMENT_SECRET": "secret",
        "HOME": str(folder),
        "LOCAL_RUNTIME_ENABLED": "false",
        "RATE_LIMIT": "1000000/minute",
    }
    app = ("ollabridge.api.main:create_app", "--factory", "--log-level", "error")
    server = [str(PEERS_PYTHON), "-m", "uvicorn", *app, "--port", str(port)]
    return Contender(
        Program(server, port, environment),
        Program(_script("ollabridge_node.py", port), None, {**environment, **noting(runs)}),
        _script("ollabridge_caller.py", port),
        needs_worker=True,
        runs=runs,
    )
