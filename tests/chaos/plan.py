"""What a run consists of: its size, its spaces, its workers, its requests."""

from dataclasses import dataclass
from random import Random
from typing import Final

QUEUE_TIMEOUT: Final = 180
"""Seconds that a request may wait."""


@dataclass(frozen=True)
class SpacePlan:
    """A space and the workers that want places in it.

    Attributes:
        share: its part of the requests.
        timeout: seconds that a worker has for a request.
        concurrency: requests that each of its workers runs at the same time.
        polled: whether anyone asks for the status of its requests before the end.
        silent: part of its requests that run for several seconds without a word.
        endless: part of its requests that run past the timeout.
    """

    name: str
    share: float
    timeout: float = 40
    max_workers: int = 1
    workers: int = 1
    concurrency: int = 1
    polled: bool = True
    silent: float = 0.01
    endless: float = 0.0


SPACES: Final = (
    SpacePlan("single", share=0.2),
    SpacePlan("pair", share=0.3, max_workers=2, workers=3, silent=0.02),
    SpacePlan("unwatched", share=0.2, concurrency=2, polled=False),
    SpacePlan("hasty", share=0.3, timeout=20, concurrency=4, silent=0.05, endless=0.02),
)


@dataclass(frozen=True)
class Wish:
    """A request that someone wants to submit.

    Attributes:
        name: unique; the model gives it back.
        seconds: how long the model works.
        at: when to submit it, in seconds from the start.
        twice: whether it is submitted twice at the same moment, with one Idempotency-Key.
        impatient: whether the first submit is given up before its answer can arrive.
        cancelled_after: seconds until its submitter cancels it; None if that does not happen.
    """

    space: SpacePlan
    name: str
    seconds: float
    at: float
    twice: bool
    impatient: bool
    cancelled_after: float | None


def make_wishes(count: int, seconds: float, seed: int) -> list[Wish]:
    """Return the requests of a run, in the order in which they are submitted."""
    random = Random(f"wishes {seed}")
    shares = [space.share for space in SPACES]
    spaces = random.choices(SPACES, shares, k=count)
    times = sorted(random.uniform(0, seconds) for _ in range(count))
    return [
        _wish(space, f"request {n}", at, random)
        for n, (space, at) in enumerate(zip(spaces, times, strict=True), start=1)
    ]


def _wish(space: SpacePlan, name: str, at: float, random: Random) -> Wish:
    kind = random.random()
    if kind < space.endless:
        seconds = 3 * space.timeout
    elif kind < space.endless + space.silent:
        seconds = random.uniform(3, 9)
    else:
        seconds = random.uniform(0.05, 0.5)
    return Wish(
        space=space,
        name=name,
        seconds=round(seconds, 3),
        at=at,
        twice=random.random() < 0.03,
        impatient=random.random() < 0.05,
        cancelled_after=random.uniform(0.1, 5) if random.random() < 0.03 else None,
    )
