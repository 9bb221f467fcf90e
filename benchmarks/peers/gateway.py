"""The gateway in a local cloud, as a contender, and the echo behind the same emulator."""

import sys
from pathlib import Path
from secrets import token_hex
from typing import Final

import psutil

from benchmarks.peers.contenders import Contender, noting
from benchmarks.peers.programs import SCRIPTS, Program, family
from infra.local.cloud import LocalCloud
from infra.local.emulator import free_port
from infra.local.lifecycle import running_status
from infra.local.spaces import create_space
from infra.local.worker_command import worker_command

SPACES: Final = "WebSocket Spaces"
ECHO: Final = "the emulator's echo"
AT_ONCE: Final = 10
"""How many processes of the function `api` may run at a time, as in a new AWS account."""


def echo(url: str) -> Contender:
    """Return the echo as a contender: the least that a call of a function takes."""
    return Contender(None, None, [sys.executable, str(SCRIPTS / "echo_caller.py"), url])


def bound_functions(cloud: LocalCloud) -> None:
    """Keep the emulator from starting a process for each of many callers."""
    functions = cloud.aws("lambda")
    for each in functions.list_functions(MaxItems=50)["Functions"]:
        if "-ApiFunction" in each["FunctionName"]:
            functions.put_function_concurrency(
                FunctionName=each["FunctionName"], ReservedConcurrentExecutions=AT_ONCE
            )


def gateway(cloud: LocalCloud, folder: Path, *, noted: bool = False) -> Contender:
    """Return a space with one worker as a contender.

    Args:
        cloud: a local cloud that runs.
        folder: where the worker keeps its state.
        noted: whether its model notes what it runs. Callers and worker then reach the gateway
            through a door that can be killed.
    """
    runs = folder / f"{SPACES}.runs" if noted else None
    space = create_space(cloud, f"peers-{token_hex(3)}")
    api = running_status(cloud).api_url
    function = f"{SCRIPTS / 'model.py'}:answer"
    command = worker_command(cloud, space, "run", "--function", function, "--worker-id", "worker")
    environment = {
        **command.environment,
        "SPACES_STATE_DIR": str(folder / space.space),
        **noting(runs),
    }
    door = None
    arguments = command.arguments
    if noted:
        port = free_port()
        door = Program([sys.executable, str(SCRIPTS / "door.py"), str(port), str(cloud.port)], port)
        old, new = f":{cloud.port}/", f":{port}/"
        arguments = [each.replace(old, new) for each in arguments]
        api = f"{api}/".replace(old, new).rstrip("/")

    def functions() -> list[psutil.Process]:
        return family(running_status(cloud).emulator.pid)[1:]

    def kill_functions() -> None:
        for each in functions():
            try:
                each.kill()
            except psutil.NoSuchProcess:
                continue

    return Contender(
        server=door,
        worker=Program(arguments, None, environment, folder / f"{space.space}.log"),
        caller=[sys.executable, str(SCRIPTS / "spaces_caller.py"), api, space.space],
        also_killed=kill_functions,
        served_by=functions,
        runs=runs,
    )
