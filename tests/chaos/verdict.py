"""Counts what became of the requests of a run."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from spaces.domain.queue.queue import Queue
from tests.chaos.ledger import Entry
from tests.chaos.tables import Stored

Run = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """The numbers of a run, and a line about each thing that should not be.

    Attributes:
        numbers: in the order in which they are shown.
        lost, twice, stuck, misordered: what is wrong.
    """

    numbers: dict[str, int | float]
    lost: list[str]
    twice: list[str]
    stuck: list[str]
    misordered: list[str]

    @property
    def good(self) -> bool:
        """Whether the promise was kept."""
        return not (self.lost or self.twice or self.stuck or self.misordered)


def judge(
    entries: list[Entry], stored: list[Stored], queues: list[Queue], runs: list[Run]
) -> Verdict:
    """Compare what was promised, shown, stored and run."""
    accepted = [entry for entry in entries if entry.accepted_at is not None]
    ends = Counter(str((entry.result or {}).get("status")) for entry in accepted)
    begun: Counter[str] = Counter(run["request_id"] for run in runs if "ended" not in run)
    handed_back = sum(1 for e in accepted if ((e.result or {}).get("attempt") or 1) > 1)
    numbers: dict[str, int | float] = {
        "submitted": len(entries),
        "accepted": len(accepted),
        "not accepted (no 202 after all repetitions)": len(entries) - len(accepted),
        **{f"ended {status}": number for status, number in sorted(ends.items())},
        "ended at attempt 2 or later": handed_back,
        "run more than once (allowed)": sum(1 for number in begun.values() if number > 1),
        "polls": sum(entry.polls for entry in entries),
    }
    return Verdict(
        numbers=numbers,
        lost=_lost(accepted, {each.request_id: each for each in stored}),
        twice=_twice(accepted, runs),
        stuck=_stuck(stored, queues),
        misordered=_misordered(accepted),
    )


def read_runs(file: Path) -> list[Run]:
    """Return the lines that the model wrote."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _lost(accepted: list[Entry], stored: dict[str, Stored]) -> list[str]:
    lines = []
    for entry in accepted:
        for request_id in entry.ids:
            found = stored.get(request_id)
            ended_at = found.ended_at if found else None
            if ended_at is None or entry.result is None:
                lines.append(f"{entry.wish.name}: {request_id} has no end")
            elif ended_at > entry.must_end_by:
                late = ended_at - entry.must_end_by
                lines.append(f"{entry.wish.name}: {request_id} ended {late:.0f} s too late")
    return lines


def _twice(accepted: list[Entry], runs: list[Run]) -> list[str]:
    ids_by_name: defaultdict[str, set[str]] = defaultdict(set)
    for run in runs:
        ids_by_name[run["name"]].add(run["request_id"])
    lines = [f"{e.wish.name}: {fault}" for e in accepted for fault in e.faults]
    for entry in accepted:
        ids = entry.ids | ids_by_name[entry.wish.name]
        if len(ids) > 1:
            lines.append(f"{entry.wish.name}: accepted as {sorted(ids)}")
        answer = ((entry.result or {}).get("output") or {}).get("data")
        completed = entry.result is not None and entry.result["status"] == "COMPLETED"
        if completed and (answer or {}).get("name") != entry.wish.name:
            lines.append(f"{entry.wish.name}: has the answer {answer}")
    return lines


def _stuck(stored: list[Stored], queues: list[Queue]) -> list[str]:
    lines = [f"{each.request_id} is stored without an end" for each in stored if not each.ended_at]
    for queue in queues:
        if queue.waiting or queue.running:
            running = sorted(queue.running)
            lines.append(f"{queue.space_id}: {queue.waiting} wait, {running} run")
    return lines


def _misordered(accepted: list[Entry]) -> list[str]:
    """Find pairs where the one accepted before the other's submit began was started after it."""
    lines = []
    by_space: defaultdict[str, list[tuple[float, Entry]]] = defaultdict(list)
    for entry in accepted:
        started = ((entry.result or {}).get("times") or {}).get("started_at")
        if started is not None and (entry.result or {}).get("attempt") == 1:
            at = datetime.fromisoformat(started).timestamp()
            by_space[entry.wish.space.name].append((at, entry))
    for starts in by_space.values():
        starts.sort(key=lambda pair: pair[0])
        latest_submit, latest = 0.0, None
        for at, entry in starts:
            accepted_at = entry.accepted_at or 0.0
            if latest is not None and accepted_at < latest_submit and at > latest[0]:
                lines.append(f"{entry.wish.name} started after {latest[1].wish.name}")
            if entry.began > latest_submit:
                latest_submit, latest = entry.began, (at, entry)
    return lines
