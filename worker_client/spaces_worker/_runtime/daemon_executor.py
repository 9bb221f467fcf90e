"""Threads for the event loop that never delay the exit of the process."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.thread import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

MAX_THREADS: Final = 32
"""As in asyncio's own default executor."""

T = TypeVar("T")
P = ParamSpec("P")


class DaemonThreadPoolExecutor(ThreadPoolExecutor):
    """Executes calls in daemon threads.

    ``asyncio.run`` waits for the threads of its default executor, even for one that is stuck in a
    DNS lookup. It only accepts a ThreadPoolExecutor as a replacement.
    """

    def __init__(self) -> None:
        super().__init__(MAX_THREADS)
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._count = 0
        self._free = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Execute a call as soon as a thread is free."""
        future: Future[T] = Future()

        def call() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - passed to the waiting side
                future.set_exception(error)

        self._calls.put(call)
        self._provide_thread()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as the base class has it
        """Return without waiting for any thread."""

    def _provide_thread(self) -> None:
        with self._lock:
            if self._free > 0:
                self._free -= 1  # this one takes the call
                return
            if self._count == MAX_THREADS:
                return
            self._count += 1
        threading.Thread(target=self._work, name="spaces-worker-pool", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._calls.get()()
            with self._lock:
                self._free += self._calls.empty()
