"""Shows a worker's activity, from a thread that the worker never waits for."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from spaces_worker._settings import Settings
from spaces_worker._status.activity import Activity, ActivitySnapshot
from spaces_worker._status.log_handlers import status_line
from spaces_worker._status.status_file import HEARTBEAT_SECONDS, StatusFile

GAP_SECONDS: Final = 1.0
"""Shortest time between two updates."""
LAST_SECONDS: Final = 2.0
"""How long to wait at the end for an update that hangs, as on a lost network drive."""


class Display(Protocol):
    """A place that shows the activity."""

    def show(self, snapshot: ActivitySnapshot) -> None:
        """Replace what is shown."""

    def close(self) -> None:
        """Show nothing from now on."""


def displays_of(settings: Settings) -> list[Display]:
    """Return a worker's displays: its status file, and the terminal if it has one."""
    line = status_line()
    return [StatusFile(settings), *([] if line is None else [line])]


@contextlib.contextmanager
def report_activity(activity: Activity, displays: Sequence[Display]) -> Iterator[None]:
    """Update all displays, at each change and regularly, until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_report, args=(activity, displays, stop), name="spaces-worker-status", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        activity.changed.set()
        thread.join(LAST_SECONDS)


def _report(activity: Activity, displays: Sequence[Display], stop: threading.Event) -> None:
    while not stop.is_set():
        activity.changed.clear()
        for display in displays:
            display.show(activity.snapshot)
        stop.wait(GAP_SECONDS)
        activity.changed.wait(HEARTBEAT_SECONDS)
    for display in displays:
        display.close()
