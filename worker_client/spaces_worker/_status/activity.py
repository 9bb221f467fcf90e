"""What a worker does at this moment, for the people who watch it: told by the engine."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from spaces_worker._session.held_requests import HeldRequest


class RunningRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request whose function runs.

    Attributes:
        since: when it began.
    """

    request_id: str
    space: str
    since: datetime
    percent: float | None = None
    message: str | None = None


class ActivitySnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment.

    Attributes:
        linked_since: None while there is no link.
        waiting: requests that are held and do not run yet.
        done: requests that were answered since the start.
        failed: requests that ended with a failure.
        cancelled: requests that were stopped.
    """

    connected_since: datetime | None = None
    running: tuple[RunningRequest, ...] = ()
    waiting: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0


class Activity:
    """Collects what the engine tells; `changed` is set at each news.

    The engine's thread writes and a watching thread reads: each sees whole `ActivitySnapshot`.
    """

    def __init__(self) -> None:
        self.changed = threading.Event()
        self.snapshot = ActivitySnapshot()
        self._began: dict[str, datetime] = {}

    def connected(self) -> None:
        """A link is open."""
        self._put(connected_since=_now())

    def disconnected(self) -> None:
        """The link is gone."""
        self._put(connected_since=None)

    def update(self, requests: Iterable[HeldRequest]) -> None:
        """These requests are held now."""
        held = list(requests)
        started = [each for each in held if each.started]
        began = {each.request.request_id: _now() for each in started}
        self._began = began | {name: self._began[name] for name in began if name in self._began}
        running = tuple(self._running(each) for each in started)
        self._put(running=running, waiting=len(held) - len(started))

    def ended(self, status: str | None) -> None:
        """A run came to its end; None if its answer is not wanted any more."""
        name = {"completed": "done", "failed": "failed"}.get(status or "", "cancelled")
        self._put(**{name: getattr(self.snapshot, name) + 1})

    def _running(self, held: HeldRequest) -> RunningRequest:
        request, point = held.request, held.pace.point
        return RunningRequest(
            request_id=request.request_id,
            space=request.space,
            since=self._began[request.request_id],
            percent=point.percent,
            message=point.message,
        )

    def _put(self, **changes: object) -> None:
        news = msgspec.structs.replace(self.snapshot, **changes)
        if news != self.snapshot:
            self.snapshot = news
            self.changed.set()


def _now() -> datetime:
    return datetime.now(UTC)
