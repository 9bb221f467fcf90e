"""What a worker is doing right now, as the engine reports it."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from spaces_worker._session.held_requests import HeldRequest


class RunningRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request whose function is running.

    Attributes:
        since: when it started.
    """

    request_id: str
    space: str
    since: datetime
    percent: float | None = None
    message: str | None = None


class ActivitySnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The activity at one moment.

    Attributes:
        connected_since: None while there is no connection.
        running: requests whose function is running.
        waiting: requests that the worker holds but has not started.
        done: requests completed since the worker started.
        failed: requests that failed.
        cancelled: requests that were cancelled.
    """

    connected_since: datetime | None = None
    running: tuple[RunningRequest, ...] = ()
    waiting: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0


class Activity:
    """Collects what the engine reports; `changed` is set at each change.

    The engine's thread writes and a display's thread reads; snapshots are never half-written.
    """

    def __init__(self) -> None:
        self.changed = threading.Event()
        self.snapshot = ActivitySnapshot()
        self._began: dict[str, datetime] = {}

    def connected(self) -> None:
        """Note that a connection is open."""
        self._put(connected_since=_now())

    def disconnected(self) -> None:
        """Note that the connection is gone."""
        self._put(connected_since=None)

    def update(self, requests: Iterable[HeldRequest]) -> None:
        """Note which requests the worker holds now."""
        held = list(requests)
        started = [each for each in held if each.started]
        began = {each.request.request_id: _now() for each in started}
        self._began = began | {name: self._began[name] for name in began if name in self._began}
        running = tuple(self._running(each) for each in started)
        self._put(running=running, waiting=len(held) - len(started))

    def ended(self, status: str | None) -> None:
        """Count a run that ended; None means that its result is no longer wanted."""
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
