"""One course of events, told step by step: for rules whose loss costs time or double work."""

from collections.abc import Callable
from typing import Any

from spaces.domain.holder import holder_of
from spaces.domain.queue.queue import Place, Queue
from spaces.domain.request import Request
from tests.simulation import worker as workers
from tests.simulation.actors import NO_LIMITS, SPACE, Own, Program, Run
from tests.simulation.calm import MAX_STEPS, one_of_gateway, repeat
from tests.simulation.moves import connect
from tests.simulation.state import State
from tests.simulation.steps import World
from tests.simulation.watch import Broken
from tests.simulation.worker import Worker
from tests.simulation.worker_value import Reaction
from tests.simulation.worlds import START, begin

When = Callable[[Run], bool]


class Story:
    """A world that does what it is told, and otherwise lets the gateway settle at once.

    Attributes:
        calls: how many calls to the outside the use cases made.
    """

    def __init__(self, program: Program, **settings: Any) -> None:
        self._world = World(program, disconnects=True, strict_order=True)
        times = {"queue_timeout": 3_600_000, "timeout": 120_000}
        self.state: State = begin(self._world, submits=0, **{**times, **settings})
        self._spoils: list[tuple[When, str]] = []
        self._aside: dict[str, Run] = {}
        self._numbers = 0
        self.calls = 0

    def let_scheduler(self, behave: str, *, ahead: int = 0) -> None:
        """Let the scheduler behave in another way from now on; see `World`."""
        self._world.scheduler, self._world.ahead = behave, ahead

    def count(self, name: str) -> int:
        """Return how often the use cases made a call of that name."""
        return self._world.made[name]

    def spoil(self, fault: str, name: str, when: When = lambda run: True) -> None:
        """Let the next call of that name fail in that way."""
        self._spoils.append(
            (lambda run: run.call is not None and run.call.name == name and when(run), fault)
        )

    def settle(self) -> None:
        """Let the gateway do all that it can do without time passing."""
        for _ in range(MAX_STEPS):
            after = self._spoiled() or one_of_gateway(self._world, self.state)
            if after is None:
                return
            self.calls += 1
            self.state = after
        raise Broken("1", "it moves forever without time passing")

    def _spoiled(self) -> State | None:
        runs = sorted(self.state.runs.values(), key=lambda run: (not run.begun, run.name))
        for spoil in self._spoils if runs else ():
            if spoil[0](runs[0].begin(self.state.now)):
                self._spoils.remove(spoil)
                return self._world.step(self.state, runs[0].name, spoil[1])
        return None

    def start(self, kind: str, *given: Any) -> None:
        """Begin a use case and let it end."""
        self._numbers += 1
        run = self._world.program.start(f"{kind}{self._numbers}", kind, given)
        self.state = self.state.with_runs(run)
        self.settle()

    def start_and_stop(self, kind: str, *given: Any, before: str) -> str:
        """Begin a use case and stop it before a call of that name; returns who it is."""
        self._numbers += 1
        name = f"{kind}{self._numbers}"
        run = self._world.program.start(name, kind, given)
        self.state = self.state.with_runs(run)
        self._stop(name, before)
        return name

    def _stop(self, name: str, before: str) -> None:
        while (call := self.state.runs[name].begin(self.state.now).call) and call.name != before:
            self.state = self._world.step(self.state, name)
        self.put_aside(name)

    def put_aside(self, name: str) -> None:
        """Suspend a use case, perhaps forever."""
        runs = dict(self.state.runs)
        self._aside[name] = runs.pop(name)
        self.state = self.state.but(runs=runs)

    def go_on(self, name: str) -> None:
        """Let a use case that was put aside go on to its end."""
        self.state = self.state.with_runs(self._aside.pop(name))
        self.settle()

    def submit(self, space: str = SPACE, own: Own = NO_LIMITS) -> Request:
        """Submit a request."""
        known = self.state.seen.accepted
        self.start("submit", "prompt", None, space, own)
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

    def answer_one(self, request: Request, name: str = "w") -> None:
        """Let a worker answer one of the requests that it holds."""
        (held,) = [key for key in self.worker(name).held if key[0] == str(request.request_id)]
        self.state = self._world.react(self.state, workers.answer(self.worker(name), *held))
        self.settle()

    def react(self, reaction: Reaction) -> None:
        """Take over what a worker did."""
        self.state = self._world.react(self.state, reaction)
        self.settle()

    def put_on_its_way(self, reaction: Reaction) -> None:
        """Take over what a worker did; what it sent takes long."""
        self.state = self._world.react(self.state, reaction)
        for sent in reaction.sent:
            self.put_aside(sent.name)

    def runs_now(self, name: str = "w") -> list[str]:
        """Return space and ticket of what a worker runs."""
        return sorted(request_id.rpartition(".")[0] for request_id, _ in self.worker(name).held)

    def queue(self, space: str) -> Queue:
        """Return the queue of a space."""
        return next(queue for queue in self.state.queues() if queue.space_id == space)

    def place(self, name: str = "w") -> Place:
        """Return the place of a worker."""
        worker = self.worker(name)
        return self.state.queue.workers[holder_of(worker.public_id or name, worker.token)]

    def progress_on_its_way(self, name: str, *, before: str) -> str:
        """Let a worker tell how far it is; what is done about it stops before that call."""
        (held,) = self.worker(name).held
        reaction = workers.progress(self.worker(name), *held)
        self.state = self._world.react(self.state, reaction)
        self._stop(reaction.sent[0].name, before)
        return reaction.sent[0].name

    def register_again_on_its_way(self, name: str, *, before: str) -> str:
        """Let a worker register by its connection; what is done about it stops before that call."""
        reaction = workers.register(self.worker(name))
        self.state = self._world.react(self.state, reaction)
        self._stop(reaction.sent[0].name, before)
        return reaction.sent[0].name

    def register_on_its_way(self, name: str = "w") -> str:
        """Let a worker open one more connection, by which a register takes long."""
        self.state = connect(self._world, self.state, self.worker(name), free=True)
        (sent,) = self.state.runs
        self.put_aside(sent)
        return sent

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

    def kill(self, name: str = "w", *, noticed: bool = True) -> None:
        """End a worker's process; the gateway finds out at once, or not."""
        line = self.worker(name).line
        if not noticed:
            self.half_open(name)
        self.state = self.state.with_worker(workers.die(self.worker(name)))
        if noticed and line in self.state.sockets:
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
            moments = [self._world.due(clock) for clock in self.state.clocks] + [end]
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
