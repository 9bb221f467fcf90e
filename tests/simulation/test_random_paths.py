"""Random paths through larger worlds; hypothesis shortens one that breaks an invariant."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulation.actors import Own, Program
from tests.simulation.calm import FUTURES
from tests.simulation.explore import walk
from tests.simulation.state import Faults
from tests.simulation.steps import World
from tests.simulation.worlds import begin

PATHS = int(os.environ.get("SIMULATION_PATHS", "300"))
STEPS = 200

MANY = Faults(
    crash=3, lost=3, error=2, gone=2, vanished=2, stale=2, cut=2, kill=2, notice=2, start=2,
    connect=6, register=2, resend=3, progress=4, impatience=2, twice=2, cancel=2, poll=3, tick=8,
)  # fmt: skip

PROGRAMS = Program()
LIMITS = st.builds(
    Own,
    timeout=st.sampled_from([None, 5_000, 30_000]),
    start_timeout=st.sampled_from([None, 5_000, 40_000]),
)


def _faults(draw):
    """Draw how many of each kind; few kinds at a time find more than all at once."""
    kinds = draw(st.sets(st.sampled_from(MANY._fields[:-1])))
    most = {name: getattr(MANY, name) for name in kinds | {"connect", "start"}}
    return Faults(**most)


@settings(
    max_examples=PATHS,
    derandomize="SIMULATION_PATHS" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_no_invariant_breaks_on_a_random_path(data):
    world = World(
        PROGRAMS,
        prompt_mail=data.draw(st.booleans(), "messages arrive at once"),
        disconnects=data.draw(st.booleans(), "$disconnect comes"),
    )
    places = data.draw(st.integers(1, 2), "places")
    shared = data.draw(st.booleans(), "two spaces")
    capacity = data.draw(st.integers(1, 2), "capacity")
    start = begin(
        world,
        submits=data.draw(st.integers(1, 6), "submits"),
        own=tuple(data.draw(st.lists(LIMITS, max_size=6), "limits of their own")),
        linked=("w", "v")[:places],
        absent=("u",) if data.draw(st.booleans(), "another worker") else (),
        max_workers=places,
        spaces=("a", "b") if shared else ("a",),
        capacity=capacity,
        most=data.draw(st.integers(1, capacity), "what it really runs"),
        prefetch=data.draw(st.booleans(), "prefetch"),
        keys=data.draw(st.booleans(), "keys"),
        left=_faults(data.draw),
    )

    walk(
        world,
        start,
        lambda count: data.draw(st.integers(0, count - 1)),
        most_steps=STEPS,
        futures=(data.draw(st.sampled_from(FUTURES), "future"),),
    )
