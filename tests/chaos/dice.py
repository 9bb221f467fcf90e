"""Chance that can be switched on and off, and the count of what it did."""

import threading
from collections import Counter
from random import Random


class Tally:
    """Counts the faults that really happened, by kind; any thread may count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def note(self, kind: str) -> None:
        """Count one."""
        with self._lock:
            self._counts[kind] += 1

    def counts(self) -> dict[str, int]:
        """Return the numbers, in the order of their names."""
        with self._lock:
            return dict(sorted(self._counts.items()))


class Dice:
    """Chance from a seed; while it is not armed, nothing ever happens.

    The seed fixes what is drawn, not what the threads of a run make of it.
    """

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self.armed = False

    def hits(self, probability: float) -> bool:
        """Tell whether something of this probability happens now."""
        return self.armed and self._random.random() < probability

    def between(self, low: float, high: float) -> float:
        """Return a number between two others."""
        return self._random.uniform(low, high)

    def one_of(self, chances: dict[str, float]) -> str | None:
        """Return one of several, each with its own probability; None for most draws."""
        if not self.armed:
            return None
        drawn = self._random.random()
        for name, probability in chances.items():
            if drawn < probability:
                return name
            drawn -= probability
        return None
