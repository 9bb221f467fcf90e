"""The worlds that are explored: who is there at the start, and what may go wrong."""

from typing import Any

from spaces.domain.space import Definition
from tests.simulation.actors import SPACE
from tests.simulation.calm import settle
from tests.simulation.moves import connect
from tests.simulation.state import Faults, Seen, State
from tests.simulation.steps import World
from tests.simulation.worker import Worker

START = 1_800_000_000_000
QUEUE_TIMEOUT = 100_000
TIMEOUT = 60_000


def begin(
    world: World,
    *,
    submits: int = 2,
    linked: tuple[str, ...] = ("w",),
    absent: tuple[str, ...] = (),
    keys: bool = False,
    twins: bool = False,
    left: Faults | None = None,
    **settings: Any,
) -> State:
    """Return the start of a world: a space, linked workers, and submits that have not begun.

    Args:
        linked: workers that have a place already; absent: those that have no connection yet.
        keys: whether the submits carry an Idempotency-Key; twins: all the same one.
    """
    state = State(
        items={},
        old={},
        now=START,
        runs={},
        sockets={},
        mail=(),
        workers={name: Worker(name) for name in (*linked, *absent)},
        clocks=frozenset(),
        left=Faults(),
        seen=Seen(),
        last=None,
    )
    state = _create(world, state, settings)
    for name in linked:
        state = settle(world, connect(world, state, state.workers[name], free=True), "start")
    for n in range(1, submits + 1):
        of = 1 if twins else n
        given = (f"prompt {of}", f"key {of}" if keys or twins else None)
        state = state.with_runs(world.program.start(f"s{n}", "submit", given))
    return state.but(left=left or Faults())


def _create(world: World, state: State, settings: dict[str, Any]) -> State:
    times = {"queue_timeout": QUEUE_TIMEOUT, "timeout": TIMEOUT}
    definition = Definition(space_id=SPACE, title=SPACE, created_at=START, **{**times, **settings})
    run = world.program.start("create", "create", (definition,))
    state = state.with_runs(run)
    while state.runs:
        state = world.step(state, "create")
    return state
