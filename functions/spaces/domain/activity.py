"""Counts of what happened to requests, by period."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from spaces.domain.request import Request
from spaces_protocol.rest_bodies import RequestState


@dataclass
class Period:
    """Counts for one period; durations are in milliseconds, for requests that ended in it."""

    since: int
    accepted: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    timed_out: int = 0
    waits: list[int] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)

    def count_end(self, request: Request) -> None:
        """Count a request's ending, its wait and its run time."""
        ending = request.ending
        if ending is None:
            return
        self.completed += ending.state is RequestState.COMPLETED
        self.failed += ending.state is RequestState.FAILED
        self.cancelled += ending.state is RequestState.CANCELLED
        self.timed_out += ending.state is RequestState.TIMED_OUT
        if request.waited is not None and request.ran is not None:
            self.waits.append(request.waited)
            self.runs.append(request.ran)


def periods_of(requests: Iterable[Request], since: int, until: int, number: int) -> list[Period]:
    """Return periods of equal length. A request may be accepted in one and end in another."""
    length = max(1, (until - since) // number)
    periods = [Period(since + index * length) for index in range(number)]

    def period_at(time: int) -> Period | None:
        index = (time - since) // length
        return periods[min(index, number - 1)] if since <= time <= until else None

    for request in requests:
        if accepted := period_at(request.created_at):
            accepted.accepted += 1
        if request.ending and (ended := period_at(request.ending.ended_at)):
            ended.count_end(request)
    return periods
