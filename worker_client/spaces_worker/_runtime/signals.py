"""Handles the signals that end a worker: the first drains it, the second stops it."""

import asyncio
import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Final

from spaces_worker._exit_codes import ExitCode
from spaces_worker._log import wing_logger
from spaces_worker._runtime.hard_exit import hard_exit

LOOP_SECONDS: Final = 3.0
"""How long the event loop may take to react to the second signal."""
EXIT_SECONDS: Final = 30.0
"""How long everything may take to end after it; longer than all waits on the way."""

_ALWAYS: Final = (signal.SIGINT, signal.SIGTERM)
_IF_DEFAULT: Final = ("SIGHUP", "SIGQUIT", "SIGBREAK")
"""Names of signals that are handled unless this process ignores them, as under ``nohup``, or
handles them itself; not every system has them."""
_logger: Final = wing_logger(__name__)


@contextlib.contextmanager
def on_signals(first: Callable[[], None], further: Callable[[], None]) -> Iterator[None]:
    """Call ``first`` on the first signal that ends a worker and ``further`` on each later one.

    SIGQUIT calls ``further`` at once. If the event loop is blocked, the second signal ends the
    process anyway. Outside the main thread there are no signals, and this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # Plain signal handlers, because the event loop on Windows has none of its own.
    signals = _Signals(asyncio.get_running_loop(), first, further)
    former = {number: signal.signal(number, signals.handle) for number in _handled()}
    try:
        with _woken_by_signals(), _broken_pipes_ignored(), _unblocked(former):
            yield
    finally:
        signals.over.set()
        for number, handler in former.items():
            signal.signal(number, handler)


def _handled() -> list[signal.Signals]:
    available = [signal.Signals[name] for name in _IF_DEFAULT if hasattr(signal, name)]
    return [*_ALWAYS, *(each for each in available if signal.getsignal(each) is signal.SIG_DFL)]


@contextlib.contextmanager
def _broken_pipes_ignored() -> Iterator[None]:
    """Ignore SIGPIPE, as Python does; files of users often reset it, and a lost connection kills.

    ``signal(SIGPIPE, SIG_DFL)`` is a common line of programs whose output goes to ``head``.
    """
    if sys.platform == "win32":
        yield
        return
    former = signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGPIPE, former)


@contextlib.contextmanager
def _unblocked(numbers: Iterable[signal.Signals]) -> Iterator[None]:
    """Receive the signals even if this thread has blocked them."""
    if sys.platform == "win32":
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


@contextlib.contextmanager
def _woken_by_signals() -> Iterator[None]:
    """Let every signal wake the event loop, even if the system delivers it to another thread.

    The handler runs in the main thread, which could otherwise sleep until something else happens.
    """
    loop = asyncio.get_running_loop()
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.settimeout(0)
        writer.settimeout(0)
        try:
            loop.add_reader(reader, lambda: reader.recv(4096))
        except NotImplementedError:  # the loop on Windows does not need this
            yield
            return
        former = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(former)
            loop.remove_reader(reader)


class _Signals:
    """Passes signals to the loop and enforces the second one.

    Attributes:
        over: set when the block has ended.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        first: Callable[[], None],
        further: Callable[[], None],
    ) -> None:
        self.over = threading.Event()
        self._loop = loop
        self._first = first
        self._further = further
        self._count = 0
        self._enforced = False
        self._handled = threading.Event()

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal, in the main thread, between two bytecode instructions."""
        name = signal.Signals(number).name
        if name == "SIGHUP" and self._count > 0:
            return  # a closed terminal sends it more than once: itself, and through the shell
        at_once = name == "SIGQUIT" or self._count > 0
        self._count += 1
        self._loop.call_soon_threadsafe(self._stop if at_once else self._first)
        if at_once and not self._enforced:
            self._enforced = True
            threading.Thread(target=self._enforce, daemon=True).start()

    def _stop(self) -> None:
        self._handled.set()
        self._further()

    def _enforce(self) -> None:
        if self._handled.wait(LOOP_SECONDS) and self.over.wait(EXIT_SECONDS):
            return
        if not self.over.is_set():
            _logger.error(
                "The event loop is blocked; exiting anyway. The next start sends the results on "
                "disk, and the gateway dispatches the other requests to other workers."
            )
            hard_exit(ExitCode.STOPPED)
