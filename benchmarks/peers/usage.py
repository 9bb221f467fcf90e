"""Memory and threads of a contender's server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psutil

_EVERY_SECONDS: Final = 0.3


@dataclass
class Usage:
    """The most that was seen at a time.

    Attributes:
        memory: resident memory of all processes together, in bytes.
    """

    memory: int = 0
    threads: int = 0
    processes: int = 0

    def note(self, processes: list[psutil.Process]) -> None:
        """Look at the processes once."""
        memory = threads = 0
        for each in processes:
            try:
                memory += each.memory_info().rss
                threads += each.num_threads()
            except psutil.NoSuchProcess:
                continue
        self.memory = max(self.memory, memory)
        self.threads = max(self.threads, threads)
        self.processes = max(self.processes, len(processes))


@contextmanager
def watched(processes: Callable[[], list[psutil.Process]], usage: Usage) -> Iterator[None]:
    """Note what processes use until the end of the block."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY_SECONDS):
            usage.note(processes())

    thread = threading.Thread(target=watch, name="usage", daemon=True)
    usage.note(processes())
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
