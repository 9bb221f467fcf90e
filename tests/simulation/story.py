"""One course of events, told step by step: for rules whose loss costs time or double work."""

from collections.abc import Callable
from typing import Any

from spaces.domain.request import Request
from tests.simulation import worker as workers
from tests.simulation.actors import Program, Run
from tests.simulation.calm import one_of_gateway, repeat
from tests.simulation.moves import connect
from tests.simulation.state import State
from tests.simulation.steps import World
from tests.simulation.watch import Broken
from tests.simulation.worker import Worker
from tests.simulation.worlds import START, begin

When = Callable[[Run], bool]


class Story:
    """A world that does what it is told, and otherwise lets the gateway settle at once.

    Attributes:
        calls: how many calls to the outside the use cases made.
    """

    def __init__(self, program: Program, **settings: Any) -> None:
        self._world = World(program, disconnects=True)
        times = {"queue_timeout": 3_600_000, "timeout": 120_000}
        self.state: State = begin(self._world, submits=0, **{**times, **settings})
        self._spoils: list[tuple[When, str]] = []
        self._numbers = 0
        self.calls = 0

    def spoil(self, fault: str, name: str, when: When = lambda run: True) -> None:
        """Let the next call of that name fail in that way."""
        self._spoils.append(
            (lambda run: run.call is not None and run.call.name == name and when(run), fault)
        )

    def settle(self) -> None:
        """Let the gateway do all that it can do without time passing."""
        while True:
            begun = next((run for run in self.state.runs.values() if run.begun), None)
            spoil = next((s for s in self._spoils if begun and s[0](begun)), None)
            if begun and spoil:
                self._spoils.remove(spoil)
                after: State | None = self._world.step(self.state, begun.name, spoil[1])
            else:
                after = one_of_gateway(self._world, self.state)
            if after is None:
                return
            self.calls += 1
            self.state = after

    def start(self, kind: str, *given: Any) -> None:
        """Begin a use case and let it end."""
        self._numbers += 1
        run = self._world.program.start(f"{kind}{self._numbers}", kind, given)
        self.state = self.state.with_runs(run)
        self.settle()

    def submit(self) -> Request:
        """Submit a request."""
        known = self.state.seen.accepted
        self.start("submit", "prompt", None)
        (request_id,) = self.state.seen.accepted - known
        return self.request(request_id)

    def request(self, request_id: object) -> Request:
        """Return a request as it is now."""
        request = self.state.request(str(request_id))
        assert request is not None
        return request

    def worker(self, name: str = "w") -> Worker:
        """Return a worker as it is now."""
        return self.state.workers[name]

    def connect(self, name: str = "w") -> None:
        """Let a worker start if it is dead, connect, and register."""
        worker = self.worker(name)
        if not worker.alive:
            self.state = self.state.with_worker(workers.start(worker))
        self.state = connect(self._world, self.state, self.worker(name), free=True)
        self.settle()

    def reconnect_the_cut(self) -> None:
        """Let every worker connect whose connection was closed."""
        for name, worker in self.state.workers.items():
            if worker.alive and worker.line not in self.state.sockets:
                self.connect(name)

    def answer(self, name: str = "w") -> None:
        """Let a worker answer what it holds."""
        for held in sorted(self.worker(name).held):
            reaction = workers.answer(self.worker(name), *held)
            self.state = self._world.react(self.state, reaction)
        self.settle()

    def progress(self, name: str = "w") -> None:
        """Let a worker tell how far it is."""
        for held in sorted(self.worker(name).held):
            reaction = workers.progress(self.worker(name), *held)
            self.state = self._world.react(self.state, reaction)
        self.settle()

    def cut(self, name: str = "w") -> None:
        """Let a worker's connection break; the gateway knows at once."""
        line = self.worker(name).line
        assert line is not None
        self.state = self._world.close(
            self.state.with_worker(self.worker(name)._replace(line=None)), line
        )
        self.settle()

    def half_open(self, name: str = "w") -> None:
        """Let a worker's connection die unnoticed; the worker knows, the gateway does not."""
        line = self.worker(name).line
        assert line is not None
        self.state = self.state.with_worker(self.worker(name)._replace(line=None)).but(
            sockets={**self.state.sockets, line: self.state.now}
        )

    def kill(self, name: str = "w") -> None:
        """End a worker's process; the gateway finds out at once."""
        line = self.worker(name).line
        self.state = self.state.with_worker(workers.die(self.worker(name)))
        if line in self.state.sockets:
            self.state = self._world.close(self.state, line)
        self.settle()

    def lose_clocks(self) -> None:
        """Let all armed clocks vanish."""
        self.state = self.state.but(clocks=frozenset())

    def pass_seconds(self, seconds: float, *, talk: bool = False) -> None:
        """Let time pass; clocks fire on the way.

        Args:
            talk: workers send again what was not answered, and progress, every five seconds.
        """
        end = self.state.now + round(seconds * 1000)
        while self.state.now < end:
            moments = [at for _, at in self.state.clocks] + [end]
            if talk:
                moments.append(self.state.now + 5_000)
            self.state = self.state.but(now=min(moment for moment in moments if moment > 0))
            if talk:
                self.state = repeat(self._world, self.state)
            self.settle()

    @property
    def seconds(self) -> float:
        """Return how much time has passed since the start."""
        return (self.state.now - START) / 1000

    def runs(self) -> int:
        """Return how often workers started requests."""
        return sum(count for _, count in self.state.seen.runs)


def must(holds: object, what: str) -> None:
    """Raise unless a rule of a story holds."""
    if not holds:
        raise Broken("story", what)
