"""What a period costs, from what was logged and what CloudWatch has counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from infra.access import MEMORY, USUAL_MEMORY
from infra.activity.activity import Activity
from infra.costs.prices import Item
from infra.costs.usage import Usage, use
from spaces_protocol.limits import LEASE_SECONDS, PING_SECONDS

HTTP: Final = ("api", "wait", "admin")
"""Functions behind the HTTP API."""
HEARD: Final = ("register", "progress", "result", "decline", "offer", "drain", "unknown")
"""Functions behind messages of workers."""
ANSWERED: Final = ("register", "result", "offer")
"""Those whose messages are answered by one."""
HEARTBEAT_SECONDS: Final = LEASE_SECONDS / 3
RUN_SECONDS: Final = Decimal("0.04")
"""How long a run takes, if CloudWatch has not counted it."""
POLLS: Final = ((1, 3), (10, 6), (240, 18))
"""Calls until a result is known, by seconds; docs/api.md has the table."""
LOG_BYTES: Final = 480 + 450
GIGABYTE: Final = 1024**3


class Runs(NamedTuple):
    """How often a function ran, and for how many seconds together."""

    number: Decimal
    seconds: Decimal


class Units(NamedTuple):
    """Units of DynamoDB."""

    write: float
    read: float


UNITS: Final[Mapping[str, Units]] = {
    "request_accepted": Units(3, 1),
    "poll": Units(0, 1),
    "result": Units(3, 1),
    "progress": Units(1, 0.5),
    "register": Units(1, 2.5),
    "handshake": Units(2, 1),
    "disconnect": Units(2, 1),
    "sweep": Units(0, 1.5),
    "webhook": Units(2, 3),
    "upload": Units(1, 1.5),
}
"""Units of one step, as benchmarks/COST.md counts them; a test compares both."""


@dataclass(frozen=True)
class Estimate:
    """What a period used.

    Attributes:
        usage: everything.
        counted: which items CloudWatch has counted; the others are estimated from the logs.
    """

    usage: Usage
    counted: frozenset[Item]


def estimate(
    activity: Activity, runs: Mapping[str, Runs], counted: Mapping[Item, Decimal]
) -> Estimate:
    """Return what a period used.

    Args:
        activity: what the functions logged.
        runs: what CloudWatch has counted of each function, by its name; empty if it counts none.
        counted: what CloudWatch has counted of other items.
    """
    ran = runs or assumed_runs(activity)
    guessed = _from_runs(activity, ran) + _units(activity, ran)
    amounts = {**guessed.amounts, **counted}
    known = frozenset(counted) | ({Item.RUN, Item.GB_SECOND} if runs else frozenset())
    return Estimate(Usage(amounts), known)


def assumed_runs(activity: Activity) -> dict[str, Runs]:
    """Return how often functions ran if callers poll as told and workers are quiet."""
    ended = sum(activity.ended.values())
    ran = activity.times.get("ran_ms", 0) / 1000
    calls = activity.accepted + ended * polls_of(ran / ended if ended else 0)
    tries = sum(float(row.get("times", 0)) for row in activity.webhooks)
    numbers = {
        "api": calls + activity.uploads.get("files", 0),
        "result": activity.ended.get("completed", 0) + activity.ended.get("failed", 0),
        "progress": ran / HEARTBEAT_SECONDS,
        "authorize": activity.handshakes,
        "connect": activity.handshakes,
        "register": activity.handshakes,
        "disconnect": activity.handshakes,
        "sweep": activity.sweeps,
        "webhook": tries,
    }
    exact = {name: Decimal(str(number)) for name, number in numbers.items()}
    return {name: Runs(number, number * RUN_SECONDS) for name, number in exact.items()}


def polls_of(seconds: float) -> float:
    """Return how many calls a caller makes who polls a request of this length as told."""
    for (shorter, few), (longer, many) in pairwise(POLLS):
        if seconds <= longer:
            share = max(0.0, seconds - shorter) / (longer - shorter)
            return few + share * (many - few)
    return POLLS[-1][1]


def _from_runs(activity: Activity, runs: Mapping[str, Runs]) -> Usage:
    """Return what follows from how often each function ran."""
    minutes = Decimal(activity.workers) * Decimal(str(activity.hours)) * 60
    pings = minutes * 60 / PING_SECONDS
    heard, answered = _count(runs, HEARD), _count(runs, ANSWERED)
    total = sum((each.number for each in runs.values()), Decimal(0))
    gb_seconds = sum(
        (each.seconds * MEMORY.get(name, USUAL_MEMORY) / 1024 for name, each in runs.items()),
        Decimal(0),
    )
    return use(
        run=total,
        gb_second=gb_seconds,
        http_call=_count(runs, HTTP),
        message=heard + answered + activity.accepted + pings,
        connection_minute=minutes,
        log_gb=total * LOG_BYTES / GIGABYTE,
        schedule=activity.sweeps,
        s3_put=activity.uploads.get("files", 0),
        s3_get=2 * activity.uploads.get("files", 0),
        transfer_gb=Decimal(activity.uploads.get("bytes", 0)) / GIGABYTE,
    )


def _units(activity: Activity, runs: Mapping[str, Runs]) -> Usage:
    """Return the units of DynamoDB, by steps."""
    uploads = activity.uploads.get("files", 0)
    tries = sum(int(row.get("times", 0)) for row in activity.webhooks)
    other_calls = max(Decimal(0), _count(runs, HTTP) - activity.accepted - uploads)
    times = {
        "request_accepted": Decimal(activity.accepted),
        "poll": other_calls,
        "handshake": Decimal(activity.handshakes),
        "sweep": Decimal(activity.sweeps),
        "webhook": Decimal(tries),
        "upload": Decimal(uploads),
        **{
            name: _count(runs, (name,)) for name in ("result", "progress", "register", "disconnect")
        },
    }
    steps = (
        use(write_unit=UNITS[name].write, read_unit=UNITS[name].read) * number
        for name, number in times.items()
    )
    return sum(steps, Usage())


def _count(runs: Mapping[str, Runs], names: tuple[str, ...]) -> Decimal:
    return sum((runs[name].number for name in names if name in runs), Decimal(0))
