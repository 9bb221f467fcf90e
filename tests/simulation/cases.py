"""The small worlds of which every state is visited."""

import os
from dataclasses import dataclass, field, replace
from typing import Any

from tests.simulation.actors import NO_LIMITS, Own, Program
from tests.simulation.calm import FUTURES
from tests.simulation.explore import Found, explore
from tests.simulation.state import Faults
from tests.simulation.steps import World
from tests.simulation.worlds import begin

MOST_STATES = int(os.environ.get("SIMULATION_STATES", "25000"))
"""Larger worlds are cut off here; set it higher for a longer look."""


@dataclass(frozen=True)
class Case:
    """A small world: what may happen in it, who is in it, and how its outside behaves.

    Attributes:
        share: how much of the time for a world it is worth.
    """

    left: Faults
    start: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)
    futures: tuple[str, ...] = FUTURES
    share: float = 1.0

    def explore(self, program: Program, *, deep: bool = False) -> Found:
        """Visit its states, as many as its share of the most.

        Args:
            program: the use cases; may have been in other worlds before.

        Raises:
            Broken: an invariant does not hold in one of them.
        """
        world = World(program, **self.rules)
        state = begin(world, left=self.left, **self.start)
        most = round(MOST_STATES * self.share)
        return explore(world, state, futures=self.futures, most_states=most, deep=deep)


ONE = {"submits": 1}
TOLD = {"disconnects": True}
TWO_SPACES = {"spaces": ("a", "b")}
PREFETCH = {"prefetch": True}
STRICT = {"strict_order": True}
LIAR = {"liar": True}
LIAR_WITH_PLACE = {"liar_has_place": True, "max_workers": 2}
TWO_WORKERS = {"linked": ("w", "v"), "max_workers": 2}

CASES = {
    "two submits": Case(Faults()),
    "three submits, few interruptions": Case(Faults(switch=2), {"submits": 3}),
    "a run dies": Case(Faults(crash=1)),
    "two runs die": Case(Faults(crash=2, connect=1), ONE | {"linked": (), "absent": ("w",)}),
    "a run dies, nobody is linked": Case(Faults(crash=1), {"linked": ()}),
    "a submit is sent twice with one key": Case(Faults(crash=1), {"twins": True}),
    "a submit with a key is repeated": Case(Faults(crash=2), {"submits": 1, "keys": True}),
    "a submit with a key is repeated, nobody is linked": Case(
        Faults(crash=2), {"submits": 1, "keys": True, "linked": ()}
    ),
    "a submit with a key and an old read": Case(Faults(crash=1, stale=1), {"twins": True}),
    "an answer gets lost": Case(Faults(lost=1, switch=2)),
    "an answer gets lost, one submit": Case(Faults(lost=1), ONE, {"runs_at_most": 1}),
    "an answer gets lost while a worker comes": Case(
        Faults(lost=1, connect=1), ONE | {"linked": (), "absent": ("w",)}, {"runs_at_most": 1}
    ),
    "a call fails": Case(Faults(error=1)),
    "410 though it arrived": Case(Faults(gone=1, connect=1), ONE),
    "410 though it arrived, two submits": Case(Faults(gone=1, connect=1, switch=1)),
    "200 though it got lost": Case(Faults(vanished=1)),
    "200 though it got lost, two workers": Case(Faults(vanished=1, switch=2), TWO_WORKERS),
    "old reads": Case(Faults(stale=1)),
    "a worker comes": Case(Faults(connect=1, crash=1), ONE | {"linked": (), "absent": ("w",)}),
    "a connection breaks": Case(Faults(cut=1, connect=1, switch=2), ONE, TOLD),
    "a connection breaks, a run dies": Case(Faults(cut=1, connect=1, crash=1, switch=2), ONE, TOLD),
    "$disconnect comes late and twice": Case(
        Faults(cut=1, connect=1, twice=1, switch=1), ONE, TOLD
    ),
    "registers overtake each other": Case(Faults(cut=2, connect=2, switch=2), {"submits": 0}, TOLD),
    "messages in any order": Case(
        Faults(resend=1, register=1), ONE, {"prompt_mail": False, "runs_at_most": 1}
    ),
    "messages in any order, one gets lost": Case(
        Faults(vanished=1, resend=1), ONE, {"prompt_mail": False}
    ),
    "a worker dies": Case(Faults(kill=1, start=1, connect=1, switch=2), ONE),
    "a worker dies, another comes": Case(
        Faults(kill=1, notice=1, connect=1, switch=2), ONE | {"absent": ("v",)}, TOLD
    ),
    "another worker comes": Case(Faults(connect=1), ONE | {"absent": ("v",)}),
    "one of two workers dies": Case(
        Faults(kill=1, notice=1, tick=1, switch=1), ONE | TWO_WORKERS, TOLD
    ),
    "three workers for two places": Case(
        Faults(connect=3), {"submits": 0, "linked": (), "absent": ("w", "v", "u"), "max_workers": 2}
    ),
    "progress": Case(Faults(progress=2, crash=1), ONE),
    "progress late": Case(Faults(progress=1, tick=2, switch=2), ONE),
    "cancel": Case(Faults(cancel=1, switch=2)),
    "cancel, a run dies": Case(Faults(cancel=1, crash=1), ONE),
    "polls": Case(Faults(poll=1, crash=1), ONE),
    "time passes": Case(Faults(tick=3, switch=1), ONE),
    "time passes, a run dies": Case(Faults(tick=2, crash=1, switch=1), ONE),
    "time passes, a call fails": Case(Faults(tick=2, error=1, switch=1), ONE),
    "time passes, a worker is silent": Case(Faults(tick=3, kill=1, switch=1), ONE | TWO_WORKERS),
    "two submits die offline": Case(Faults(crash=1), {"linked": ()}),
    "410 of an older connection": Case(
        Faults(cut=1, connect=1, gone=1, switch=3), ONE, {"disconnects": False}
    ),
    "410 though it arrived, and the link stays": Case(
        Faults(gone=1, error=1, connect=1, tick=1, switch=2), ONE
    ),
    "two connections of one worker": Case(Faults(cut=1, connect=2, register=1), {"submits": 0}),
    "$disconnect takes a place": Case(Faults(cut=1, connect=1), {"submits": 0}, TOLD),
    "a clock fires twice": Case(Faults(tick=2, twice=1, switch=1), ONE | {"linked": ()}),
}

OF_SLOTS = {
    "two spaces, one slot": Case(Faults(switch=2), TWO_SPACES, STRICT),
    "two spaces, three submits": Case(Faults(switch=1), TWO_SPACES | {"submits": 3}, STRICT),
    "two spaces, four submits": Case(Faults(switch=0), TWO_SPACES | {"submits": 4}, STRICT),
    "two spaces, a run dies": Case(Faults(crash=1, switch=1), TWO_SPACES),
    "two spaces, a call fails": Case(Faults(error=1, switch=0), TWO_SPACES),
    "two spaces, an answer gets lost": Case(Faults(lost=1, switch=0), TWO_SPACES),
    "two spaces, 200 though it got lost": Case(Faults(vanished=1, switch=0), TWO_SPACES),
    "two spaces, 410 though it arrived": Case(Faults(gone=1, connect=1, switch=0), TWO_SPACES),
    "two spaces, messages in any order": Case(
        Faults(switch=1, impatience=1), TWO_SPACES, {"prompt_mail": False}
    ),
    "two spaces, a connection breaks": Case(Faults(cut=1, connect=1, switch=0), TWO_SPACES, TOLD),
    "two spaces, two workers": Case(Faults(switch=0), TWO_SPACES | TWO_WORKERS | {"submits": 4}),
    "less than it said": Case(Faults(switch=0), {"submits": 3, "capacity": 2, "most": 1}),
    "prefetch": Case(Faults(switch=2), PREFETCH, STRICT),
    "prefetch, three submits": Case(Faults(switch=1), PREFETCH | {"submits": 3}),
    "prefetch, a run dies": Case(Faults(crash=1, switch=1), PREFETCH),
    "prefetch, an answer gets lost": Case(Faults(lost=1, switch=1), PREFETCH),
    "prefetch, 200 though it got lost": Case(Faults(vanished=1, switch=1), PREFETCH),
    "prefetch, 410 though it arrived": Case(Faults(gone=1, connect=1, switch=1), PREFETCH),
    "prefetch, messages in any order": Case(Faults(switch=1), PREFETCH, {"prompt_mail": False}),
    "prefetch, cancel": Case(Faults(cancel=1, switch=1), PREFETCH | {"submits": 3}),
    "prefetch, a connection breaks": Case(Faults(cut=1, connect=1, switch=1), PREFETCH, TOLD),
    "prefetch, a worker dies": Case(Faults(kill=1, start=1, connect=1, switch=1), PREFETCH),
    "prefetch, time passes": Case(Faults(tick=3, switch=0), PREFETCH),
    "prefetch, less than it said": Case(
        Faults(switch=0), PREFETCH | {"submits": 3, "capacity": 2, "most": 1}
    ),
}

OF_LIARS = {
    "a liar without a place": Case(Faults(forge=2, switch=1), ONE | LIAR),
    "a liar without a place, two submits": Case(Faults(forge=1, switch=2), LIAR),
    "a liar with a place": Case(Faults(forge=2, switch=1), LIAR_WITH_PLACE),
    "a liar with a place, one submit": Case(Faults(forge=2, switch=1), ONE | LIAR_WITH_PLACE),
    "a liar gets a place": Case(Faults(forge=2, switch=1), ONE | LIAR | {"max_workers": 2}),
    "a liar, and the worker comes late": Case(
        Faults(forge=2, connect=1, switch=1), ONE | LIAR | {"linked": (), "absent": ("w",)}
    ),
    "a liar, and the worker dies": Case(
        Faults(forge=2, kill=1, notice=1, tick=1, switch=1),
        ONE | LIAR | {"max_workers": 2},
        TOLD,
    ),
    "a liar, and one of two workers dies": Case(
        Faults(forge=1, kill=1, notice=1, tick=1, switch=1), ONE | LIAR | TWO_WORKERS, TOLD
    ),
    "a liar, and a result is repeated": Case(Faults(forge=1, resend=1, switch=1), ONE | LIAR),
}

LATE = {"late": 59_000}
THROTTLED = {"scheduler": "throttles"}
AHEAD = {"ahead": 15_000}
SHORT = {"timeout": 15_000}
"""A run whose deadline is nearer than the shortest lead, when its timer is armed late."""
LONG = {"queue_timeout": 500_000}
"""Longer than Lambda repeats a sweep."""

OF_SCHEDULERS = {
    "the scheduler is late": Case(Faults(tick=3, switch=0), ONE, LATE),
    "the scheduler is late, a run dies": Case(Faults(tick=2, crash=1, switch=0), ONE, LATE),
    "the scheduler is late, a worker dies": Case(
        Faults(tick=3, kill=1, switch=0), ONE | TWO_WORKERS | SHORT, LATE
    ),
    "the scheduler is late, prefetch": Case(Faults(tick=2, switch=0), PREFETCH, LATE),
    "the scheduler throttles": Case(Faults(switch=1), ONE | LONG, THROTTLED),
    "the scheduler throttles, two submits": Case(Faults(switch=0), LONG, THROTTLED),
    "the scheduler throttles, a run dies": Case(
        Faults(crash=1, tick=1, switch=0), ONE | LONG, THROTTLED
    ),
    "the scheduler throttles, nobody is linked": Case(
        Faults(tick=2, connect=1, switch=0),
        ONE | LONG | {"linked": (), "absent": ("w",)},
        THROTTLED,
    ),
    "the scheduler throttles, a connection breaks": Case(
        Faults(cut=1, connect=1, switch=0), ONE | LONG, TOLD | THROTTLED
    ),
    "the scheduler's clock is ahead": Case(
        Faults(cut=1, connect=1, tick=2, switch=0), ONE, TOLD | AHEAD
    ),
    "the scheduler's clock is ahead, time passes": Case(
        Faults(tick=3, switch=0), ONE | SHORT, AHEAD
    ),
    "the scheduler loses answers": Case(
        Faults(tick=2, crash=1, switch=0), ONE, {"scheduler": "loses"}
    ),
}

BRIEF = {"timeout": 200_000, "own": (Own(timeout=5_000),)}
"""A time-out that is much shorter than that of the space."""
SECOND_BRIEF = BRIEF | {"own": (NO_LIMITS, Own(timeout=5_000))}
HURRIED = {"queue_timeout": 500_000, "own": (NO_LIMITS, Own(start_timeout=20_000))}
"""A request that may wait less long than the one in front of it."""

OF_OWN_LIMITS = {
    "own time-out": Case(Faults(tick=2, switch=1), BRIEF | ONE),
    "own time-out, a run dies": Case(Faults(crash=1, switch=1), BRIEF | ONE),
    "own time-out, a call fails": Case(Faults(error=1, switch=1), BRIEF | ONE),
    "own time-out, an answer gets lost": Case(Faults(lost=1, switch=1), BRIEF | ONE),
    "own time-out, progress": Case(Faults(progress=1, tick=2, switch=1), BRIEF | ONE),
    "own time-out, 410 though it arrived": Case(Faults(gone=1, connect=1, switch=1), BRIEF | ONE),
    "own time-out, a connection breaks": Case(
        Faults(cut=1, connect=1, crash=1, switch=1), BRIEF | ONE, TOLD
    ),
    "own time-out, a worker dies": Case(
        Faults(kill=1, start=1, connect=1, tick=1, switch=1), BRIEF | ONE
    ),
    "own time-out, two submits": Case(Faults(crash=1, switch=1), BRIEF),
    "own time-out of the second, a run dies": Case(Faults(crash=1, switch=0), SECOND_BRIEF),
    "own time-out, prefetch": Case(Faults(tick=2, switch=0), PREFETCH | SECOND_BRIEF),
    "own time-out, prefetch, a run dies": Case(Faults(crash=1, switch=0), PREFETCH | SECOND_BRIEF),
    "own start time-out": Case(Faults(tick=2, switch=1), HURRIED | {"linked": ()}),
    "own start time-out, a run dies": Case(Faults(crash=1, switch=1), HURRIED | {"linked": ()}),
    "own start time-out, a worker comes": Case(
        Faults(connect=1, crash=1, switch=0), HURRIED | {"linked": (), "absent": ("w",)}
    ),
    "own start time-out, a submit with a key is repeated": Case(
        Faults(crash=2, switch=0), HURRIED | {"linked": (), "keys": True}
    ),
    "own start time-out, the scheduler is late": Case(
        Faults(tick=2, crash=1, switch=0), HURRIED | {"linked": ()}, LATE
    ),
    "own start time-out, the scheduler throttles": Case(
        Faults(crash=1, switch=0), HURRIED | {"linked": ()}, THROTTLED
    ),
    "own start time-out, the scheduler's clock is ahead": Case(
        Faults(tick=2, switch=0), HURRIED | {"linked": ()}, {"ahead": 30_000}
    ),
    "both limits of its own": Case(
        Faults(cut=1, connect=1, crash=1, switch=0),
        {"timeout": 200_000, "queue_timeout": 500_000, "own": (Own(5_000, 20_000),) * 2},
        TOLD,
    ),
}

LARGE = {"large": True}
AGAIN = {"retry": 1, "delete": 1}

OF_LARGE_INPUTS = {
    "large inputs": Case(Faults(switch=1), LARGE),
    "a large input, a run dies": Case(Faults(crash=1), ONE | LARGE),
    "a large input with a key is sent again": Case(
        Faults(crash=2, switch=1), ONE | LARGE | {"keys": True}
    ),
    "a large input, an answer gets lost": Case(Faults(lost=1, switch=1), ONE | LARGE),
    "a large input, a call fails": Case(Faults(error=1, switch=1), ONE | LARGE),
    "a large input is retried and deleted": Case(Faults(**AGAIN, switch=1), ONE | LARGE),
    "a large input is retried and deleted, a run dies": Case(
        Faults(**AGAIN, crash=1, switch=0), ONE | LARGE
    ),
    "a large input is retried and deleted, an answer gets lost": Case(
        Faults(**AGAIN, lost=1, switch=0), ONE | LARGE
    ),
}

TOLD_BY_WEBHOOK = {"own": (Own(webhook=True),)}

OF_WEBHOOKS = {
    "webhook, a run dies": Case(Faults(crash=1, switch=1), ONE | TOLD_BY_WEBHOOK),
    "webhook, two runs die": Case(Faults(crash=2, switch=0), ONE | TOLD_BY_WEBHOOK),
    "webhook, calls fail": Case(Faults(error=2, switch=0), ONE | TOLD_BY_WEBHOOK),
    "webhook, an answer gets lost": Case(Faults(lost=1, switch=1), ONE | TOLD_BY_WEBHOOK),
    "webhook, cancelled, a run dies": Case(
        Faults(cancel=1, crash=1, switch=0), ONE | TOLD_BY_WEBHOOK
    ),
    "webhook, cancelled, calls fail": Case(
        Faults(cancel=1, error=2, switch=0), ONE | TOLD_BY_WEBHOOK
    ),
    "webhook, cancelled in the queue, a run dies": Case(
        Faults(cancel=1, crash=1, connect=1, switch=0),
        ONE | TOLD_BY_WEBHOOK | {"linked": (), "absent": ("w",)},
    ),
    "webhook, nobody is linked, a run dies": Case(
        Faults(crash=1, tick=2, switch=0), ONE | TOLD_BY_WEBHOOK | {"linked": ()}
    ),
    "webhook, nobody is linked, calls fail": Case(
        Faults(error=2, tick=2, switch=0), ONE | TOLD_BY_WEBHOOK | {"linked": ()}
    ),
    "webhook, a worker dies": Case(
        Faults(kill=1, crash=1, tick=1, switch=0), ONE | TOLD_BY_WEBHOOK
    ),
}

CASES |= {name: replace(case, share=0.1) for name, case in OF_WEBHOOKS.items()}
CASES |= {name: replace(case, share=0.2) for name, case in OF_LARGE_INPUTS.items()}
CASES |= {name: replace(case, share=0.1) for name, case in OF_OWN_LIMITS.items()}
CASES |= {name: replace(case, share=0.05) for name, case in OF_SLOTS.items()}
CASES |= {name: replace(case, share=0.2, futures=("work",)) for name, case in OF_LIARS.items()}
CASES |= {name: replace(case, share=0.1) for name, case in OF_SCHEDULERS.items()}
