"""First and second Ctrl-C: two different wishes."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def on_signals(first: Callable[[], None], further: Callable[[], None]) -> Iterator[None]:
    """Call ``first`` at the first SIGINT or SIGTERM and ``further`` at each one after it.

    Plain signal handlers, because the event loop of Windows offers none of its own.
    """
    loop = asyncio.get_running_loop()
    reactions = iter([first])

    def react() -> None:
        next(reactions, further)()

    def handle(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(react)

    former = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
