"""Counts what became of the webhooks of a run."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from spaces.domain.request import Request
from spaces.domain.webhook_delivery import Delivery
from tests.chaos.moody_receiver import BUSY, GONE, RETRY_AFTER, TAKEN, TRAP, Arrival

_TYPES: Final = {
    "COMPLETED": "request.completed",
    "FAILED": "request.failed",
    "CANCELLED": "request.cancelled",
    "TIMED_OUT": "request.timed_out",
}


@dataclass(frozen=True)
class Verdict:
    """The numbers of a run, and a line about each thing that should not be."""

    numbers: dict[str, int | float]
    wrong: dict[str, list[str]]

    @property
    def good(self) -> bool:
        """Whether the promise was kept."""
        return not any(self.wrong.values())


def judge(requests: Iterable[Request], arrivals: list[Arrival]) -> Verdict:
    """Compare what ended with what arrived; each webhook has a path of its own."""
    by_path: defaultdict[str, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        by_path[arrival.path].append(arrival)
    wrong: dict[str, list[str]] = {
        name: [] for name in ("not announced", "not as announced", "sent after 410", "too early")
    }
    wrong["followed a redirect"] = [str(each) for each in by_path.pop(TRAP, [])]
    states: Counter[str] = Counter()
    for request in requests:
        path = "/" + request.webhook.url.split("/", 3)[3] if request.webhook else ""
        came = by_path.pop(path, [])
        delivery = request.delivery or Delivery()
        states[f"delivery: {delivery.state}"] += 1
        name = f"{path} ({request.request_id})"
        if not came or delivery.state not in ("delivered", "gone"):
            wrong["not announced"].append(f"{name}: {len(came)} arrived, {delivery}")
        wrong["not as announced"] += [f"{name}: {fault}" for fault in _faults(request, came)]
        wrong["sent after 410"] += _after_gone(name, delivery, came)
        wrong["too early"] += _too_early(name, came)
    wrong["not as announced"] += [f"{path}: of no request" for path in by_path]
    return Verdict({**_numbers(arrivals), **dict(sorted(states.items()))}, wrong)


def _faults(request: Request, came: list[Arrival]) -> Iterable[str]:
    """Find what the receiver could not rely on."""
    ids = {each.headers.get("webhook-id") for each in came}
    if len(ids) > 1:
        yield f"came under {len(ids)} ids"
    if len({each.body for each in came}) > 1:
        yield "says different things"
    yield from (f"not verified: {each.fault}" for each in came if each.fault)
    ending = request.ending
    said = json.loads(came[0].body) if came else None
    if said is not None and (
        ending is None
        or said["type"] != _TYPES[ending.state]
        or said["data"]["request_id"] != str(request.request_id)
    ):
        yield f"says {said['type']}, and the request is {ending}"


def _after_gone(name: str, delivery: Delivery, came: list[Arrival]) -> list[str]:
    """Find what was sent although a 410 had been noted."""
    if delivery.state != "gone" or delivery.ended_at is None:
        return []
    late = [each for each in came if int(each.at * 1000) > delivery.ended_at]
    return [f"{name}: {len(late)} after its 410"] if late else []


def _too_early(name: str, came: list[Arrival]) -> list[str]:
    gaps = [after.at - before.at for before, after in pairwise(came) if before.answer == BUSY]
    return [f"{name}: {gap:.0f} s after a 429" for gap in gaps if gap < RETRY_AFTER - 1]


def _numbers(arrivals: list[Arrival]) -> dict[str, int | float]:
    answers = Counter(each.answer for each in arrivals)
    taken: Counter[str] = Counter(each.path for each in arrivals if each.answer.startswith(TAKEN))
    gone: Counter[str] = Counter(each.path for each in arrivals if each.answer == GONE)
    return {
        "arrived": len(arrivals),
        **{f"answered: {answer}": number for answer, number in sorted(answers.items())},
        "taken twice (allowed)": sum(1 for number in taken.values() if number > 1),
        "410 twice: the function died before it was noted": sum(1 for n in gone.values() if n > 1),
    }
