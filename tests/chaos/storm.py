"""The faults of a run in time: a schedule from the seed, carried out by one thread."""

import heapq
import threading
import time
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Final

from tests.chaos.crew import Crew, WorkerProgram
from tests.chaos.functions import Functions
from tests.chaos.network import Network

Deed = Callable[[], object]

EVERY_SECONDS: Final = {
    "worker killed": 12.0,
    "link cut": 12.0,
    "link frozen": 25.0,
    "link swallows": 40.0,
    "function killed": 6.0,
    "service down": 10.0,
    "space deserted": 80.0,
}
"""Mean time between two faults of a kind."""
LAST_SECONDS: Final = {
    "worker killed": (0.2, 8),
    "link frozen": (2, 35),
    "link swallows": (3, 40),
    "service down": (0.5, 7),
    "space deserted": (22, 40),  # beyond the grace of a disconnected worker
}
"""How long some of them last, at least and at most."""
SERVICES: Final = ("DynamoDB", "DynamoDB", "@connections", "Scheduler")
"""DynamoDB twice: it goes down twice as often as each of the others."""


class Storm:
    """Carries out faults until it is told to stop; then repairs everything."""

    def __init__(self, network: Network, functions: Functions, crew: Crew, seed: int) -> None:
        self._network = network
        self._functions = functions
        self._crew = crew
        self._random = Random(f"storm {seed}")
        self._order = count()
        self._due: list[tuple[float, int, Deed]] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._blow, name="storm", daemon=True)

    def begin(self, seconds: float) -> None:
        """Draw the schedule and start carrying it out."""
        for kind, gap in EVERY_SECONDS.items():
            at = self._random.expovariate(1 / gap)
            while at < seconds:
                self._plan(at, self._deed(kind))
                at += self._random.expovariate(1 / gap)
        self._network.dice.armed = True
        self._thread.start()

    def end(self) -> None:
        """No more faults; every worker runs again."""
        self._stopped.set()
        self._thread.join()
        self._network.dice.armed = False
        self._crew.start_all()

    def _deed(self, kind: str) -> Deed:
        """Draw whom a fault hits and how long it lasts."""
        worker = self._random.choice(self._crew.workers)
        service = self._random.choice(SERVICES)
        seconds = self._random.uniform(*LAST_SECONDS.get(kind, (0, 0)))
        later = self._random.uniform(0, 30)
        net = self._network
        deeds: dict[str, Deed] = {
            "worker killed": lambda: self._kill([worker], seconds),
            "space deserted": lambda: self._kill(self._colleagues(worker), seconds),
            "link cut": lambda: net.do(net.sockets.cut(worker.worker_id)),
            "link frozen": lambda: net.do(net.sockets.freeze(worker.worker_id, seconds)),
            "link swallows": lambda: net.do(net.sockets.swallow(worker.worker_id, seconds, later)),
            "service down": lambda: net.faults.take_down(service, seconds),
            "function killed": self._functions.kill_one,
        }
        return deeds[kind]

    def _colleagues(self, worker: WorkerProgram) -> list[WorkerProgram]:
        return [each for each in self._crew.workers if each.plan == worker.plan]

    def _kill(self, workers: list[WorkerProgram], pause: float) -> None:
        for worker in workers:
            self._crew.kill(worker)
            self._plan(time.monotonic() - self._began + pause, worker.start)

    def _plan(self, at: float, deed: Deed) -> None:
        heapq.heappush(self._due, (at, next(self._order), deed))

    def _blow(self) -> None:
        self._began = time.monotonic()
        while self._due:
            at, _, deed = heapq.heappop(self._due)
            if self._stopped.wait(max(0.0, self._began + at - time.monotonic())):
                return
            deed()
