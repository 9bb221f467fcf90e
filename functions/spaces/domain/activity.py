"""What happened to requests from one moment to the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from spaces.domain.request import Request
from spaces_protocol.rest_bodies import RequestState


@dataclass
class Period:
    """Counts of one period; durations in milliseconds, of requests that ended in it."""

    since: int
    accepted: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    timed_out: int = 0
    waits: list[int] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)

    def note_end(self, request: Request) -> None:
        """Count how a request ended, how long it waited and how long it ran."""
        ending = request.ending
        if ending is None:
            return
        self.completed += ending.state is RequestState.COMPLETED
        self.failed += ending.state is RequestState.FAILED
        self.cancelled += ending.state is RequestState.CANCELLED
        self.timed_out += ending.state is RequestState.TIMED_OUT
        if ending.started_at is not None:
            self.waits.append(max(0, ending.started_at - request.created_at))
            self.runs.append(max(0, ending.ended_at - ending.started_at))


def periods_of(requests: Iterable[Request], since: int, until: int, number: int) -> list[Period]:
    """Return equal periods; a request is accepted in one of them, and may end in another."""
    length = max(1, (until - since) // number)
    periods = [Period(since + index * length) for index in range(number)]

    def period_at(time: int) -> Period | None:
        index = (time - since) // length
        return periods[min(index, number - 1)] if since <= time <= until else None

    for request in requests:
        if accepted := period_at(request.created_at):
            accepted.accepted += 1
        if request.ending and (ended := period_at(request.ending.ended_at)):
            ended.note_end(request)
    return periods
