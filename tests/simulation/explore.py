"""Walks through the states of a world: all of them, or one path at a time."""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.simulation.calm import check_future
from tests.simulation.moves import moves
from tests.simulation.state import State
from tests.simulation.steps import World
from tests.simulation.watch import Broken, watch_objects, watch_rest


class Found(NamedTuple):
    """How far an exploration came.

    Attributes:
        states: different states seen; rests: those in which no use case was under way.
        complete: whether there are no others.
    """

    states: int
    steps: int
    rests: int
    complete: bool


class _Step(NamedTuple):
    label: str
    before: "_Step | None"

    def trace(self) -> list[str]:
        """Return the choices from the start to here."""
        labels: list[str] = []
        step: _Step | None = self
        while step is not None:
            labels.append(step.label)
            step = step.before
        return labels[::-1]


@contextmanager
def _many_objects() -> Iterator[None]:
    """Do not look for garbage in vain: almost everything that is made here stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_many_objects()
def explore(
    world: World,
    start: State,
    *,
    futures: Iterable[str] = ("work", "leave"),
    most_states: int = 1_000_000,
    deep: bool = False,
) -> Found:
    """Visit every state that can be reached, and from each rest see that all ends well.

    Args:
        deep: visit the newest state first; finds some faults earlier, but with longer traces.

    Raises:
        Broken: with the choices that led there.
    """
    futures = tuple(futures)
    known = {start.key()}
    open_states: deque[tuple[State, _Step | None]] = deque([(start, None)])
    take: Callable[[], tuple[State, _Step | None]]
    take = open_states.pop if deep else open_states.popleft
    steps = rests = 0
    while open_states and len(known) < most_states:
        state, step = take()
        try:
            rests += look(world, start, state, futures)
            for label, act in moves(world, state):
                here = _Step(label, step)
                steps += 1
                after = _act(act, here)
                key = after.key()
                if key not in known:
                    known.add(key)
                    open_states.append((after, here))
        except Broken as broken:
            broken.trace = broken.trace or (step.trace() if step else [])
            raise
    return Found(len(known), steps, rests, not open_states)


def _act(act: Callable[[], State], step: _Step) -> State:
    try:
        return act()
    except Broken as broken:
        broken.trace = step.trace()
        raise


def look(world: World, start: State, state: State, futures: Iterable[str]) -> bool:
    """Check a state at rest, and its futures; returns whether it is one."""
    if world.runs_at_most is not None:
        _watch_runs(world, state)
    if not state.at_rest:
        return False
    pairs = zip(start.left._asdict().items(), state.left, strict=True)
    harmed = frozenset(name for (name, had), has in pairs if had != has)
    watch_rest(state, harmed=harmed)
    watch_objects(state, harmed=harmed)
    for future in futures:
        check_future(world, state, future)
    return True


def _watch_runs(world: World, state: State) -> None:
    total = sum(count for _, count in state.seen.runs)
    if total > (world.runs_at_most or 0):
        raise Broken("runs", f"workers started {total} times: {sorted(state.seen.runs)}")


def walk(
    world: World,
    start: State,
    choose: Callable[[int], int],
    *,
    most_steps: int,
    futures: Iterable[str],
) -> State:
    """Follow one path; ``choose`` picks one of so many choices.

    Raises:
        Broken: with the choices that led there.
    """
    state, trace = start, []
    try:
        for _ in range(most_steps):
            open_moves = list(moves(world, state))
            if not open_moves:
                break
            label, act = open_moves[choose(len(open_moves))]
            trace.append(label)
            state = act()
            look(world, start, state, ())
        look(world, start, state, ())
        for future in futures:
            check_future(world, state, future)
    except Broken as broken:
        broken.trace = trace
        raise
    return state
