"""Logs a warning when an async function blocks the event loop."""

import asyncio
import contextlib
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from spaces_worker._log import wing_logger

INTERVAL_SECONDS: Final = 5.0
"""Time between two checks while an async function runs."""
TIMEOUT_SECONDS: Final = 5.0
"""A loop that does not respond for this long is blocked; well below a lease."""

_OURS: Final = str(Path(__file__).parents[1])
_LOOP: Final = str(Path(asyncio.__file__).parent)
_logger: Final = wing_logger(__name__)


@contextlib.contextmanager
def watch_loop(spaces: Callable[[], Sequence[str]]) -> Iterator[None]:
    """Watch the running loop from a thread until the block ends.

    Args:
        spaces: returns the spaces whose async functions are running; called from the thread.
    """
    stop = threading.Event()
    loop, ident = asyncio.get_running_loop(), threading.get_ident()

    def run() -> None:
        while not stop.wait(INTERVAL_SECONDS):
            if spaces():
                _check(loop, ident, spaces)

    threading.Thread(target=run, name="spaces-worker-watchdog", daemon=True).start()
    try:
        yield
    finally:
        stop.set()


def _check(
    loop: asyncio.AbstractEventLoop, ident: int, spaces: Callable[[], Sequence[str]]
) -> None:
    answered = threading.Event()
    with contextlib.suppress(RuntimeError):  # the loop is already closed
        loop.call_soon_threadsafe(answered.set)
        if not answered.wait(TIMEOUT_SECONDS):
            _warn(spaces(), _user_frame(ident))
            answered.wait()  # log once per blockage


def _warn(spaces: Sequence[str], place: str) -> None:
    _logger.warning(
        "The async function of %s blocks the event loop%s, so nothing else runs, and the gateway "
        "will dispatch its requests to other workers. Make it a plain function (def), which runs "
        "in a thread, or await the slow call.",
        " or ".join(sorted(set(spaces))) or "a space",
        place,
    )


def _user_frame(ident: int) -> str:
    """Return the file and line of user code, below the frames of the loop and of this package."""
    frame = sys._current_frames().get(ident)  # noqa: SLF001 - documented, for debugging
    if frame is None:
        return ""
    stack = traceback.extract_stack(frame)
    begin = max((i for i, each in enumerate(stack) if each.filename.startswith(_LOOP)), default=-1)
    theirs = (each for each in stack[begin + 1 :] if not each.filename.startswith(_OURS))
    return next((f" ({each.filename}, line {each.lineno})" for each in theirs), "")
