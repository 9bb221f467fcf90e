"""The worlds that are explored: who is there at the start, and what may go wrong."""

from typing import Any

from spaces.domain.space import Definition
from spaces_protocol.limits import MAX_SOCKET_INPUT_BYTES
from tests.simulation.actors import NO_LIMITS, SPACE, Own
from tests.simulation.calm import settle
from tests.simulation.liar import make_liar, register
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
    spaces: tuple[str, ...] = (SPACE,),
    capacity: int = 1,
    most: int | None = None,
    keys: bool = False,
    twins: bool = False,
    own: tuple[Own, ...] = (),
    large: bool = False,
    left: Faults | None = None,
    liar: bool = False,
    liar_has_place: bool = False,
    **settings: Any,
) -> State:
    """Return the start of a world: a space, linked workers, and submits that have not begun.

    Args:
        submits: how many; one after the other for each of the spaces in turn.
        linked: workers that have a place already; absent: those that have no connection yet.
        capacity: what each worker says that it runs; most: what it really runs; all if None.
        liar: whether there is a dishonest worker with the worker id of the first one and a token of
            its own; liar_has_place: whether it has registered.
        own: limits of the first submits; the others have none.
        large: whether their inputs travel by S3.
        keys: whether the submits carry an Idempotency-Key; twins: whether they share one key.
    """
    state = State(
        items={},
        old={},
        now=START,
        runs={},
        sockets={},
        mail=(),
        workers={
            name: Worker(name, spaces=spaces, capacity=capacity, most=most or capacity)
            for name in (*linked, *absent)
        },
        clocks=frozenset(),
        left=Faults(),
        seen=Seen(),
        last=None,
    )
    for space in spaces:
        state = _create(world, state, space, settings)
    for name in linked:
        state = settle(world, connect(world, state, state.workers[name], free=True), "start")
    if liar or liar_has_place:
        state = _with_liar(world, state, (*linked, *absent)[0], has_place=liar_has_place)
    size = MAX_SOCKET_INPUT_BYTES if large else 0
    for n in range(1, submits + 1):
        of = 1 if twins else n
        space = spaces[(n - 1) % len(spaces)]
        limits = own[n - 1] if n <= len(own) else NO_LIMITS
        given = (f"prompt {of}", f"key {of}" if keys or twins else None, space, limits, size)
        state = state.with_runs(world.program.start(f"s{n}", "submit", given))
    return state.but(left=left or Faults())


def _with_liar(world: World, state: State, public_id: str, *, has_place: bool) -> State:
    worker = make_liar("x", public_id, state.now)
    state = state.with_worker(worker).but(sockets={**state.sockets, "x#1": None})
    return settle(world, world.react(state, register(worker, [])), "start") if has_place else state


def _create(world: World, state: State, space: str, settings: dict[str, Any]) -> State:
    times = {"queue_timeout": QUEUE_TIMEOUT, "timeout": TIMEOUT}
    definition = Definition(space_id=space, title=space, created_at=START, **{**times, **settings})
    run = world.program.start("create", "create", (definition,))
    state = state.with_runs(run)
    while state.runs:
        state = world.step(state, "create")
    return state
