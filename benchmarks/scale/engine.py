"""Simulated time: programs that stand still while time passes, and go on in the order of time."""

import heapq
import random
from collections.abc import Callable
from itertools import count
from typing import Any

from greenlet import getcurrent, greenlet


class Engine:
    """Runs programs side by side. Only `sleep` lets time pass.

    Attributes:
        now: Seconds since the start.
        random: The source of all chance; equal seeds give equal runs.
    """

    def __init__(self, seed: int) -> None:
        self.now = 0.0
        self.random = random.Random(seed)  # noqa: S311 - no secret depends on it
        self._order = count()
        self._due: list[tuple[float, int, greenlet]] = []
        self._hub = getcurrent()

    def start(self, program: Callable[..., Any], *given: object, after: float = 0.0) -> None:
        """Let a program begin in a number of seconds."""
        self._wake(greenlet(lambda _: program(*given), self._hub), after)

    def sleep(self, seconds: float) -> None:
        """Let a number of seconds pass for the program that calls this."""
        self._wake(getcurrent(), seconds)
        self._hub.switch()

    def run(self, until: float) -> None:
        """Run all programs up to this time, from the program that made the engine."""
        while self._due and self._due[0][0] <= until:
            self.now, _, program = heapq.heappop(self._due)
            program.switch(None)
        self.now = until

    def _wake(self, program: greenlet, after: float) -> None:
        heapq.heappush(self._due, (self.now + after, next(self._order), program))


class Bucket:
    """A token bucket, as AWS uses for rates.

    Args:
        rate: Tokens a second.
        burst: The most that it holds; at first it is full.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, 0.0

    def take(self, now: float, tokens: float = 1.0) -> bool:
        """Take tokens; False, and none taken, if there are too few."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < tokens:
            return False
        self._tokens -= tokens
        return True
