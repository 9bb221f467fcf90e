"""What happens to a gateway: more requests, more spaces, workers that all return, an outage."""

from collections import Counter
from math import ceil
from typing import Final, NamedTuple

from benchmarks.scale.engine import Engine
from benchmarks.scale.worker import Worker
from benchmarks.scale.world import World

SEED: Final = 1
MODEL_SECONDS: Final = 1.0
SLOTS: Final = 64
"""Of one worker, at most."""
SETTLED: Final = 5.0
"""When all workers have their place, and callers begin."""
AFTERWARDS: Final = 200.0
RATES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
SPACES: Final = (1, 10, 100, 1_000, 10_000)
STARTING_SPACES: Final = 250
"""Spaces a second that are created before callers begin."""
LANES: Final = (1, 2, 4, 8)
MOST_TO_ONE: Final = RATES[-1]
LONGEST: Final = 20.0
MOST_REQUESTS: Final = 1_500
"""Callers stop after this time, or about this many requests."""
RATE_OF_EACH: Final = 0.1
RETURNING: Final = 1_000


class Load(NamedTuple):
    """What a load did.

    Attributes:
        asked, refused, unfinished: Numbers of requests.
        why: How often which refusal was given.
        start_p50, start_p95: Seconds from the submit until the worker has the request.
        conflicts: Swaps of a queue that another was quicker than, for each request.
        write_units: For each request.
        at_once: The most functions at the same time.
        throttled: Throttled calls by what throttled them.
    """

    load: float
    asked: int
    refused: int
    unfinished: int
    why: dict[str, int]
    start_p50: float
    start_p95: float
    conflicts: float
    write_units: float
    at_once: int
    throttled: dict[str, int]


def one_space(rate: float) -> Load:
    """Send requests to one space, with enough workers for all of them."""
    workers = ceil(rate * MODEL_SECONDS * 2 / SLOTS)
    capacity = min(SLOTS, ceil(rate * MODEL_SECONDS * 2 / workers) + 1)
    world = World(Engine(SEED))
    _serve(world, "space", workers, capacity)
    return _load(world, ["space"], rate, load=rate)


def lanes(number: int) -> Load:
    """Send many requests to one space whose queue is split into lanes: as many spaces of its size.

    Each request takes any lane, so the order of acceptance holds within a lane only.
    """
    world = World(Engine(SEED))
    names = [f"lane{each}" for each in range(number)]
    workers = ceil(MOST_TO_ONE * MODEL_SECONDS * 2 / SLOTS / number)
    for name in names:
        _serve(world, name, workers, SLOTS)
    return _load(world, names, MOST_TO_ONE, load=number)


def many_spaces(spaces: int) -> Load:
    """Send a request every ten seconds to each of many spaces with a worker each."""
    world = World(Engine(SEED))
    names = [f"s{number}" for number in range(spaces)]
    for number, name in enumerate(names):
        _serve(world, name, 1, 2, begin=number / STARTING_SPACES)
    rate = spaces * RATE_OF_EACH
    return _load(world, names, rate, load=spaces, begin=SETTLED + spaces / STARTING_SPACES)


def _serve(world: World, space: str, workers: int, capacity: int, begin: float = 0.0) -> None:
    engine = world.engine
    engine.start(world.make_space, space, workers, after=begin)
    for number in range(workers):
        worker = Worker(
            world, f"{space}-w{number}", space, capacity=capacity, seconds=MODEL_SECONDS
        )
        engine.start(worker.live, after=begin + 1 + 2 * engine.random.random())


def _load(
    world: World,
    spaces: list[str],
    rate: float,
    *,
    load: float,
    begin: float = SETTLED,
) -> Load:
    engine = world.engine
    engine.run(begin)
    world.tables.counted.clear()
    world.functions.counted.clear()
    seconds = min(LONGEST, MOST_REQUESTS / rate)
    at, asked = 0.0, 0
    while (at := at + engine.random.expovariate(rate)) < seconds:
        engine.start(world.submit, engine.random.choice(spaces), asked, after=at)
        asked += 1
    engine.run(begin + seconds + AFTERWARDS)
    fates = list(world.fates.values())
    accepted = [fate for fate in fates if fate.refused is None]
    starts = sorted(each.started_at - each.asked_at for each in accepted if each.started_at)
    counted, requests = world.tables.counted, max(1, len(accepted))
    return Load(
        load=load,
        asked=asked,
        refused=asked - len(accepted),
        unfinished=sum(fate.ended_at is None for fate in accepted),
        why=dict(Counter(fate.refused for fate in fates if fate.refused)),
        start_p50=share(starts, 0.5),
        start_p95=share(starts, 0.95),
        conflicts=counted["failed conditions"] / requests,
        write_units=counted["write units"] / requests,
        at_once=world.functions.counted["at the same time"],
        throttled={name: count for name, count in counted.items() if "throttled" in name},
    )


class Return(NamedTuple):
    """How workers came back.

    Attributes:
        refused: Handshakes that were refused because of the rate.
        half, most, last: Seconds until half of the workers, 95 % of them, and all had their place.
    """

    spaces: int
    refused: int
    half: float
    most: float
    last: float
    conflicts: int
    left: int


def return_at_once(spaces: int) -> Return:
    """Let a thousand workers lose their connections at the same moment."""
    world = World(Engine(SEED))
    engine, each = world.engine, RETURNING // spaces
    workers = []
    for number in range(spaces):
        name = f"s{number}"
        engine.start(world.make_space, name, each)
        workers += [
            Worker(world, f"{name}-w{index}", name, capacity=1, seconds=MODEL_SECONDS)
            for index in range(each)
        ]
    engine.run(1.0)
    for worker in workers:
        engine.start(worker.live, 120.0)
    engine.run(1.0 + 300.0)
    times = sorted(each.registered_at - 1.0 for each in workers if each.registered_at)
    return Return(
        spaces, world.counted["connect: over the rate"], share(times, 0.5), share(times, 0.95),
        times[-1], world.tables.counted["failed conditions"], len(workers) - len(times),
    )  # fmt: skip


class Outage(NamedTuple):
    """What an outage of DynamoDB did.

    Attributes:
        refused: Submits that were answered with an error.
        unfinished, doubled: Accepted requests that never ended, or were acknowledged twice.
        caught_up: Seconds from the end of the outage until every request accepted before had ended.
        by_second: Requests that ended, for each second.
    """

    asked: int
    refused: int
    unfinished: int
    doubled: int
    caught_up: float
    by_second: list[int]


def outage(rate: float = 20.0, begins: float = 20.0, lasts: float = 60.0) -> Outage:
    """Let DynamoDB answer only errors for a minute, under load."""
    world = World(Engine(SEED))
    _serve(world, "space", 1, SLOTS)
    engine = world.engine
    engine.run(SETTLED)
    at, asked, seconds = 0.0, 0, begins + lasts + 60.0
    while (at := at + engine.random.expovariate(rate)) < seconds:
        engine.start(world.submit, "space", asked, after=at)
        asked += 1
    engine.run(SETTLED + begins)
    world.tables.out = True
    engine.run(SETTLED + begins + lasts)
    world.tables.out = False
    back = engine.now
    engine.run(back + 600.0)
    accepted = [fate for fate in world.fates.values() if fate.refused is None]
    ended = [fate.ended_at for fate in accepted if fate.ended_at is not None]
    before = [fate.ended_at or engine.now for fate in accepted if fate.asked_at < back - lasts]
    per_second = Counter(int(moment - SETTLED) for moment in ended)
    return Outage(
        asked=asked,
        refused=asked - len(accepted),
        unfinished=len(accepted) - len(ended),
        doubled=sum(fate.acks > 1 for fate in accepted),
        caught_up=max(before) - back,
        by_second=[per_second[second] for second in range(int(seconds) + 20)],
    )


def share(ordered: list[float], part: float) -> float:
    """Return the value below which this part of the values lies; infinite if there are none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("inf")
