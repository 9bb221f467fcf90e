"""Runs the functions of requests as the session orders."""

import asyncio
import functools
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from spaces_protocol.gateway_messages import Request
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._answers import NEUTRAL, answer_of, failure_of
from spaces_worker._context import RequestContext
from spaces_worker._functions import Linked
from spaces_worker._orders import Order, Start, Stop
from spaces_worker._progress import ProgressPoint
from spaces_worker._request_book import failed_result

STUBBORN_SECONDS: Final = 10.0
"""A stopped function that still runs after this long is worth a word to the operator."""
CLOSE_SECONDS: Final = 2.0
"""How long `Runner.close` waits for async functions to clean up."""

_logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Active:
    task: asyncio.Task[ResultMessage]
    context: RequestContext
    linked: Linked | None


class Runner:
    """Starts and stops runs and reports what becomes of them."""

    def __init__(
        self,
        functions: Mapping[str, Linked],
        *,
        on_progress: Callable[[int, ProgressPoint], None],
        on_end: Callable[[int, ResultMessage | None], None],
    ) -> None:
        self._functions = functions
        self._on_progress = on_progress
        self._on_end = on_end
        self._active: dict[int, _Active] = {}

    def execute(self, order: Order) -> None:
        """Do what the session ordered."""
        match order:
            case Start():
                self._start(order.run, order.request)
            case Stop():
                self._stop(order.run, order.reason)

    async def close(self) -> None:
        """Stop all runs; threads that do not stop are left behind."""
        tasks = [active.task for active in self._active.values()]
        for active in self._active.values():
            active.context.cancelled.set()
            active.task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_SECONDS)

    def _start(self, run: int, request: Request) -> None:
        loop = asyncio.get_running_loop()
        tell = functools.partial(self._on_progress, run)
        context = RequestContext(request, functools.partial(loop.call_soon_threadsafe, tell))
        linked = self._functions.get(request.space)
        task = loop.create_task(_answer(linked, context), name=f"run {run}")
        self._active[run] = _Active(task, context, linked)
        task.add_done_callback(functools.partial(self._ended, run))

    def _stop(self, run: int, reason: str) -> None:
        active = self._active.get(run)
        if active is None:
            return
        _logger.info("Request %s: told to stop (%s).", active.context.request_id, reason)
        active.context.cancelled.set()
        if active.linked is None or not active.linked.in_thread:
            active.task.cancel()
        loop = asyncio.get_running_loop()
        loop.call_later(STUBBORN_SECONDS, self._say_if_stubborn, run)

    def _ended(self, run: int, task: asyncio.Task[ResultMessage]) -> None:
        del self._active[run]
        self._on_end(run, None if task.cancelled() else task.result())

    def _say_if_stubborn(self, run: int) -> None:
        if run in self._active:
            _logger.warning(
                "Request %s was told to stop and still runs, which keeps its slot: "
                "let the function look at context.cancelled.",
                self._active[run].context.request_id,
            )


async def _answer(linked: Linked | None, context: RequestContext) -> ResultMessage:
    request_id = context.request_id
    if linked is None:
        _logger.error("Request %s: no function serves the space %s.", request_id, context.space)
        return failed_result(request_id, NEUTRAL)
    _logger.info("Request %s started.", request_id, extra={"request_id": request_id})
    began = time.perf_counter()
    try:
        returned = await linked.call(context)
    except asyncio.CancelledError:
        if context.cancelled.is_set():
            raise
        return failure_of(request_id, RuntimeError("the function cancelled itself"))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a function raises ends here
        return failure_of(request_id, _as_exception(error))
    return _answered(context, returned, time.perf_counter() - began)


def _as_exception(error: Exception | SystemExit) -> Exception:
    return error if isinstance(error, Exception) else RuntimeError("the function called exit")


def _answered(context: RequestContext, returned: object, seconds: float) -> ResultMessage:
    message = answer_of(context.request_id, returned, seconds)
    if message.status == "completed" and not context.cancelled.is_set():
        fields = {"request_id": context.request_id, "seconds": round(seconds, 3), "tone": "good"}
        _logger.info("Request %s answered in %.2f s.", context.request_id, seconds, extra=fields)
    return message
