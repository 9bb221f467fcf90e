"""Lambda in simulated time: warm and cold environments, and the account's concurrency."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from benchmarks.scale import quotas
from benchmarks.scale.engine import Engine


class Throttled(Exception):
    """As many functions run as the account may run at the same time."""


class Functions:
    """Runs functions.

    Attributes:
        counted: Runs, cold starts and throttled runs, and the most that ran at the same time.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._running = 0
        self._idle: dict[str, list[float]] = defaultdict(list)
        self.counted: Counter[str] = Counter()

    def run(self, name: str, work: Callable[[], Any]) -> Any:
        """Run a function; its time passes for the program that calls this.

        Raises:
            Throttled: The account's concurrency is used up.
        """
        if self._running >= quotas.CONCURRENCY.value:
            self.counted["throttled"] += 1
            raise Throttled
        self._running += 1
        self.counted["runs"] += 1
        self.counted["at the same time"] = max(self.counted["at the same time"], self._running)
        try:
            self._start(name)
            self._engine.sleep(quotas.CODE_SECONDS.value)
            return work()
        finally:
            self._running -= 1
            self._idle[name].append(self._engine.now)

    def _start(self, name: str) -> None:
        idle = self._idle[name]
        if idle and self._engine.now - idle.pop() < quotas.WARM_SECONDS.value:
            return
        self.counted["cold starts"] += 1
        spread = self._engine.random.lognormvariate(0.0, quotas.SPREAD.value)
        self._engine.sleep(quotas.COLD_SECONDS.value * spread)
