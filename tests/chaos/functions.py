"""The Lambda processes of the emulator: pointed at the proxy, and killed."""

import time
from random import Random
from typing import Final

import psutil

from infra.local.cloud import LocalCloud
from infra.local.lifecycle import running_status
from tests.chaos.dice import Tally

YOUNG_SECONDS: Final = 5.0
"""When a process dies while it starts, the emulator ends all processes of its function."""


def functions_of(cloud: LocalCloud) -> list[dict[str, str]]:
    """Return the environment of every function."""
    found = cloud.aws("lambda").list_functions()["Functions"]
    return [each["Environment"]["Variables"] for each in found if "Environment" in each]


class Functions:
    """The processes in which the emulator runs the functions."""

    def __init__(self, cloud: LocalCloud, seed: int, tally: Tally) -> None:
        self._emulator = running_status(cloud).emulator
        self._random = Random(f"functions {seed}")
        self._tally = tally

    def kill_one(self) -> None:
        """Kill one of them, whatever it does at the moment."""
        processes = [each for each in self._processes() if _age(each) > YOUNG_SECONDS]
        if processes and _kill(self._random.choice(processes)):
            self._tally.note("function process: killed at random")

    def kill_caller(self, port: int) -> bool:
        """Kill the one that holds this end of a connection."""
        for process in self._processes():
            try:
                ports = {each.laddr.port for each in process.net_connections("tcp")}
            except psutil.NoSuchProcess:
                continue
            if port in ports:
                return _kill(process)
        return False

    def _processes(self) -> list[psutil.Process]:
        emulator = self._emulator.process()
        return [] if emulator is None else emulator.children(recursive=True)


def _age(process: psutil.Process) -> float:
    try:
        return time.time() - float(process.create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _kill(process: psutil.Process) -> bool:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True
