"""Shows what a worker does to whoever watches, from a thread that its work never waits for."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from spaces_worker._settings import Settings
from spaces_worker._status.activity import Activity, Doings
from spaces_worker._status.log_handlers import status_line
from spaces_worker._status.status_file import HEARTBEAT_SECONDS, StatusFile

GAP_SECONDS: Final = 1.0
"""Least time between two reports."""
LAST_SECONDS: Final = 2.0
"""How long the end waits for a report that hangs, as on a network drive that is gone."""


class Screen(Protocol):
    """A place where the doings are shown."""

    def show(self, doings: Doings) -> None:
        """Show them in place of what was there."""

    def close(self) -> None:
        """Show nothing any more."""


def screens_of(settings: Settings) -> list[Screen]:
    """Return where a worker shows itself: its file, and the terminal if it has one."""
    line = status_line()
    return [StatusFile(settings), *([] if line is None else [line])]


@contextlib.contextmanager
def reported(activity: Activity, screens: Sequence[Screen]) -> Iterator[None]:
    """Report to all screens, at each news and now and then, until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_report, args=(activity, screens, stop), name="spaces-worker-status", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        activity.changed.set()
        thread.join(LAST_SECONDS)


def _report(activity: Activity, screens: Sequence[Screen], stop: threading.Event) -> None:
    while not stop.is_set():
        activity.changed.clear()
        for screen in screens:
            screen.show(activity.doings)
        stop.wait(GAP_SECONDS)
        activity.changed.wait(HEARTBEAT_SECONDS)
    for screen in screens:
        screen.close()
