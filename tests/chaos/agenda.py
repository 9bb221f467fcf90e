"""Does things in the order of time, in a few threads, each with an HTTP client of its own."""

import heapq
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Final

import httpx

THREADS: Final = 6

Step = Callable[[httpx.Client], None]


class Agenda:
    """Steps and when each is due; a step may plan others."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._order = count()
        self._due: list[tuple[float, int, Step]] = []
        self._changed = threading.Condition()
        self._closed = False
        self._busy = 0
        self._broken: list[BaseException] = []
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(THREADS)]

    def begin(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def plan(self, at: float, step: Step) -> None:
        """Do a step at a time (seconds since 1970)."""
        with self._changed:
            heapq.heappush(self._due, (at, next(self._order), step))
            self._changed.notify()

    @property
    def empty(self) -> bool:
        """Whether nothing is planned and nothing is under way."""
        with self._changed:
            return not self._due and self._busy == 0

    def end(self) -> None:
        """Stop all threads.

        Raises:
            BaseException: what ended one of them.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        if self._broken:
            raise self._broken[0]

    def _work(self) -> None:
        with httpx.Client(base_url=self._api_url, timeout=32, trust_env=False) as client:
            try:
                while (step := self._next()) is not None:
                    step(client)
                    with self._changed:
                        self._busy -= 1
            except BaseException as error:  # noqa: BLE001 - told by end()
                self._broken.append(error)

    def _next(self) -> Step | None:
        with self._changed:
            while not self._closed:
                wait = self._due[0][0] - time.time() if self._due else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None
