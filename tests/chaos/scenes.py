"""Single mishaps: what happens to the worker of one request, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.chaos.crew import Crew
from tests.chaos.network import Network
from tests.chaos.plan import SpacePlan

FOREVER: Final = 600.0
Mishap = Callable[["Stage", str], None]


@dataclass
class Stage:
    """What a mishap may act on."""

    network: Network
    crew: Crew

    def kill(self, worker_id: str) -> None:
        """Kill a worker process as ``kill -9`` does."""
        self.crew.kill(next(w for w in self.crew.workers if w.worker_id == worker_id))


@dataclass(frozen=True)
class Scene:
    """One request, what happens to its worker, and what must come of it.

    Attributes:
        title: what it shows.
        work: seconds that the model works.
        at: seconds from the first run's begin to the mishap.
        expected: status, attempt, number of runs.
    """

    title: str
    plan: SpacePlan
    work: float
    expected: tuple[str, int, int]
    at: float = 0.0
    mishap: Mishap | None = None


def _pull(seconds: float) -> Mishap:
    def pull(stage: Stage, worker_id: str) -> None:
        stage.network.do(stage.network.sockets.freeze(worker_id, seconds))

    return pull


def _pull_for_good(stage: Stage, worker_id: str) -> None:
    stage.network.do(stage.network.sockets.pull_out(worker_id))


def _lose_the_link(stage: Stage, worker_id: str) -> None:
    stage.network.do(stage.network.sockets.swallow(worker_id, FOREVER, 0))


def _plan(name: str, timeout: float = 120, places: int = 1, workers: int = 1) -> SpacePlan:
    return SpacePlan(name, share=0, timeout=timeout, max_workers=places, workers=workers)


SCENES: Final = (
    Scene(
        "pulled from the network for 30 s, 20 s into 60 s of work: not run again",
        _plan("pulled"),
        work=60,
        at=20,
        mishap=_pull(30),
        expected=("COMPLETED", 1, 1),
    ),
    Scene(
        "pulled for good, 10 s into 20 s of work; two places: the other worker runs it",
        _plan("pulled-for-good", places=2, workers=2),
        work=20,
        at=10,
        mishap=_pull_for_good,
        expected=("COMPLETED", 2, 2),
    ),
    Scene(
        "connection dies silently 10 s into 60 s of work; the worker reconnects: not run again",
        _plan("dead-link"),
        work=60,
        at=10,
        mishap=_lose_the_link,
        expected=("COMPLETED", 1, 1),
    ),
    Scene(
        "killed, 10 s into 20 s of work; one place: the next worker gets it and runs it",
        _plan("killed", workers=2),
        work=20,
        at=10,
        mishap=Stage.kill,
        expected=("COMPLETED", 2, 2),
    ),
    Scene(
        "runs past a timeout of 20 s: stopped at the worker",
        _plan("past-20", timeout=20),
        work=90,
        expected=("TIMED_OUT", 1, 1),
    ),
    Scene(
        "runs past the ordinary 120 s: stopped at the worker",
        _plan("past-120"),
        work=200,
        expected=("TIMED_OUT", 1, 1),
    ),
)
