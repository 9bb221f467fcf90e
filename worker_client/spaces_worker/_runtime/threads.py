"""Runs a plain function in its own thread, which never delays the exit of the process."""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(function: Callable[[], T]) -> T:
    """Run ``function`` in a daemon thread and return or raise its outcome.

    ``asyncio.to_thread`` waits for its threads when the process ends, even for one that is stuck,
    and its futures cannot carry a StopIteration.
    """
    loop = asyncio.get_running_loop()
    finished: asyncio.Future[tuple[T | None, BaseException | None]] = loop.create_future()
    context = contextvars.copy_context()

    def finish(returned: T | None, error: BaseException | None) -> None:
        if not finished.done():
            finished.set_result((returned, error))

    def work() -> None:
        returned, error = None, None
        try:
            returned = context.run(function)
        except BaseException as raised:  # noqa: BLE001 - passed to the waiting side
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop may be closed already
            loop.call_soon_threadsafe(finish, returned, error)

    threading.Thread(target=work, name="spaces-worker-function", daemon=True).start()
    returned, error = await finished
    if isinstance(error, Exception):
        raise error
    if error is not None:
        raise RuntimeError(f"the function raised {type(error).__name__}") from error
    return returned  # type: ignore[return-value]  # without an error, the function returned it
