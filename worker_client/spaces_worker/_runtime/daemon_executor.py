"""Threads for the event loop that never hold up the end of the process."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

MAX_THREADS: Final = 32
"""As many as asyncio itself takes at most."""

T = TypeVar("T")
P = ParamSpec("P")


class DaemonThreadPoolExecutor(ThreadPoolExecutor):
    """Executes calls in daemon threads.

    ``asyncio.run`` waits for the threads of its own pool, even for one that asks a name server
    that does not answer. It takes only a ThreadPoolExecutor in place of that.
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
            except BaseException as error:  # noqa: BLE001 - handed to the waiting side
                future.set_exception(error)

        self._calls.put(call)
        self._provide_thread()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as the base class has it
        """Wait for nobody."""

    def _provide_thread(self) -> None:
        with self._lock:
            if self._free > 0:
                self._free -= 1  # it is spoken for
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
