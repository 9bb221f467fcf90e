"""The figures of a period."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.activity import queries
from infra.activity.log_query import LogQuery, Row

Ask = Callable[[LogQuery], list[Row]]
"""Answers a question about the period."""


@dataclass(frozen=True, kw_only=True)
class Activity:
    """What happened in a period. A figure that nothing was logged about is missing.

    Attributes:
        hours: its length.
        accepted: accepted requests.
        ended: requests that ended, by kind: completed, failed, cancelled, timed_out.
        times: ``waited_`` and ``ran_``, ``p50_ms`` and ``p95_ms``, of requests that a worker ran,
            and ``ran_ms`` of all together.
        most: the most requests ``waiting`` and ``running`` at a time.
        workers: different workers that connected or registered; a connection lasts two hours at
            most, so in two hours every worker is seen.
        handshakes: how often they connected.
        refused: calls, messages and handshakes that were refused, by ``message`` and
            ``error_type``.
        errors: what should not happen, by ``message`` and ``service`` (the function).
        spaces: requests that ended and their times, by ``space``.
        webhooks: tries to deliver a webhook, by ``state`` afterwards.
        uploads: announced ``files`` and their ``bytes``.
        sweeps: sweeps of spaces.
    """

    hours: float
    accepted: int
    ended: dict[str, int]
    times: dict[str, float]
    most: dict[str, int]
    workers: int
    handshakes: int
    refused: list[Row]
    errors: list[Row]
    spaces: list[Row]
    webhooks: list[Row]
    uploads: dict[str, int]
    sweeps: int


ASKED = (
    queries.ACCEPTED,
    queries.ENDED,
    queries.TIMES,
    queries.WAITING,
    queries.WORKERS,
    queries.REFUSED,
    queries.ERRORS,
    queries.SPACES,
    queries.WEBHOOKS,
    queries.UPLOADS,
    queries.SWEEPS,
)
"""All questions that an `Activity` is made from."""


def activity_of(hours: float, ask: Ask) -> Activity:
    """Ask for all figures of a period.

    Args:
        hours: the length of the period.
        ask: answers each of ``ASKED``.
    """
    workers = _one(ask(queries.WORKERS))
    return Activity(
        hours=hours,
        accepted=_whole(_one(ask(queries.ACCEPTED)), "accepted"),
        ended={name: int(value) for name, value in _one(ask(queries.ENDED)).items()},
        times=_one(ask(queries.TIMES)),
        most={name: int(value) for name, value in _one(ask(queries.WAITING)).items()},
        workers=_whole(workers, "workers"),
        handshakes=_whole(workers, "handshakes"),
        refused=ask(queries.REFUSED),
        errors=ask(queries.ERRORS),
        spaces=ask(queries.SPACES),
        webhooks=ask(queries.WEBHOOKS),
        uploads={name: int(value) for name, value in _one(ask(queries.UPLOADS)).items()},
        sweeps=_whole(_one(ask(queries.SWEEPS)), "sweeps"),
    )


def _one(rows: list[Row]) -> dict[str, float]:
    """Return the figures of an answer without groups; Logs Insights omits it if nothing matched."""
    return {
        name: value for row in rows for name, value in row.items() if isinstance(value, int | float)
    }


def _whole(row: dict[str, float], name: str) -> int:
    return int(row.get(name, 0))
