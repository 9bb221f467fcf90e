"""First and second Ctrl-C: two different wishes."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final

from spaces_worker._exit_codes import ExitCode
from spaces_worker._log import wing_logger
from spaces_worker._runtime.hard_exit import hard_exit

LOOP_SECONDS: Final = 3.0
"""How long the event loop may take to hear the second signal."""
EXIT_SECONDS: Final = 30.0
"""How long all may take to end after it; more than all that is waited for then."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_logger: Final = wing_logger(__name__)


@contextlib.contextmanager
def on_signals(first: Callable[[], None], further: Callable[[], None]) -> Iterator[None]:
    """Call ``first`` at the first SIGINT or SIGTERM and ``further`` at each one after it.

    If the event loop is blocked, the second one ends the process all the same. In another thread
    than the main one there are no signals, and this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # Plain signal handlers, because the event loop of Windows offers none of its own.
    signals = _Signals(asyncio.get_running_loop(), first, further)
    former = {number: signal.signal(number, signals.handle) for number in _SIGNALS}
    try:
        with _woken_by_signals():
            yield
    finally:
        signals.over.set()
        for number, handler in former.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _woken_by_signals() -> Iterator[None]:
    """Let each signal wake the event loop, also one that the system hands to another thread.

    Its handler runs in the main thread, which else may sleep on for as long as nothing happens.
    """
    loop = asyncio.get_running_loop()
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.settimeout(0)
        writer.settimeout(0)
        try:
            loop.add_reader(reader, lambda: reader.recv(4096))
        except NotImplementedError:  # the loop of Windows is woken without this
            yield
            return
        former = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(former)
            loop.remove_reader(reader)


class _Signals:
    """Hands signals to the loop, and sees to it that the second one has its effect.

    Attributes:
        over: set when the block that they are for has ended.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        first: Callable[[], None],
        further: Callable[[], None],
    ) -> None:
        self.over = threading.Event()
        self._loop = loop
        self._reactions = iter([first])
        self._further = further
        self._count = 0
        self._handled = threading.Event()

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal; in the main thread, between any two steps of it."""
        self._count += 1
        self._loop.call_soon_threadsafe(self._react, self._count)
        if self._count == 2:  # noqa: PLR2004 - the second
            threading.Thread(target=self._enforce, daemon=True).start()

    def _react(self, number: int) -> None:
        if number > 1:
            self._handled.set()
        next(self._reactions, self._further)()

    def _enforce(self) -> None:
        if self._handled.wait(LOOP_SECONDS) and self.over.wait(EXIT_SECONDS):
            return
        if not self.over.is_set():
            _logger.error(
                "The event loop is blocked; ending without it. Answers on disk are sent by the "
                "next start, and the gateway hands the rest to others."
            )
            hard_exit(ExitCode.STOPPED)
