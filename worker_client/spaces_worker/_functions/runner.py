"""Runs the functions of requests as the session orders."""

import asyncio
import functools
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from spaces_protocol.gateway_messages import UploadPolicy
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._errors import TransferError
from spaces_worker._files.request_folder import Workplace
from spaces_worker._files.retry import Patience
from spaces_worker._files.transfers import Transfers
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.delivery import Delivery, Upload, needs_delivery
from spaces_worker._functions.functions import Linked
from spaces_worker._functions.result_message import (
    NEUTRAL,
    failure_of,
    message_of,
    sendable,
    unusable,
)
from spaces_worker._functions.returned import as_result
from spaces_worker._log import about
from spaces_worker._runtime.threads import in_thread
from spaces_worker._session.effects import Order, Start, Stop
from spaces_worker._session.progress import ProgressPoint
from spaces_worker._session.request_tracker import failed_result

STUBBORN_SECONDS: Final = 10.0
"""A stopped function that still runs after this long is worth a word to the operator."""
CLOSE_SECONDS: Final = 2.0
"""How long `Runner.close` waits for async functions to clean up, before and after the last word."""
LEAST_PATIENCE_SECONDS: Final = 60.0
"""Every transfer is tried for so long."""
LATE_SECONDS: Final = 30.0
"""And for so long after the deadline, at which the gateway's own clock decides."""

_logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Run:
    context: RequestContext
    linked: Linked | None
    workplace: Workplace
    policy: UploadPolicy | None
    patience: Patience


@dataclass(frozen=True, slots=True)
class _Active:
    task: asyncio.Task[ResultMessage]
    context: RequestContext
    linked: Linked | None

    @property
    def on_the_loop(self) -> bool:
        """Whether it is cancelled by cancelling its task."""
        return self.linked is None or not self.linked.in_thread


class Runner:
    """Starts and stops runs and reports what becomes of them.

    Args:
        functions: what serves each space.
        transfers: how files come and go.
        on_progress: told of the progress of a run.
        on_text: told of each piece of text that a run streams.
        on_end: told of a run's result, or of None if it was stopped.
    """

    def __init__(
        self,
        functions: Mapping[str, Linked],
        transfers: Transfers,
        *,
        on_progress: Callable[[int, ProgressPoint], None],
        on_text: Callable[[int, str], None],
        on_end: Callable[[int, ResultMessage | None], None],
    ) -> None:
        self._functions = functions
        self._transfers = transfers
        self._on_progress = on_progress
        self._on_text = on_text
        self._on_end = on_end
        self._active: dict[int, _Active] = {}

    def execute(self, order: Order) -> None:
        """Do what the session ordered."""
        match order:
            case Start():
                self._start(order)
            case Stop():
                self._stop(order.run, order.reason)

    def spaces_on_the_loop(self) -> list[str]:
        """Return the spaces whose async functions run now; from whatever thread."""
        return [
            active.context.space for active in list(self._active.values()) if active.on_the_loop
        ]

    async def close(self) -> None:
        """Stop all runs; threads that do not stop are left behind."""
        for active in list(self._active.values()):
            if active.on_the_loop and active.context.cancelled.is_set():
                continue  # it was told already, and cleans up
            active.context.cancelled.set()
            active.task.cancel()
        await self._wait_for_all()
        for active in list(self._active.values()):
            active.task.cancel()  # who still cleans up does no more than it must
        await self._wait_for_all()

    async def _wait_for_all(self) -> None:
        tasks = {active.task for active in self._active.values()}
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_SECONDS)

    def _start(self, order: Start) -> None:
        loop = asyncio.get_running_loop()
        tell = functools.partial(
            loop.call_soon_threadsafe, functools.partial(self._told, order.run)
        )
        run = self._run(order, tell)
        task = loop.create_task(_answer(run, self._transfers.upload), name=f"run {order.run}")
        self._active[order.run] = _Active(task, run.context, run.linked)
        task.add_done_callback(functools.partial(self._ended, order.run))

    def _run(self, order: Start, tell: Callable[[ProgressPoint | str], object]) -> _Run:
        request = order.request
        deadline = _deadline(order)
        cancelled = threading.Event()
        patience = _patience(deadline, cancelled)
        workplace = Workplace(functools.partial(self._transfers.download, patience=patience))
        context = RequestContext(
            request, tell, workplace=workplace, deadline=deadline, cancelled=cancelled
        )
        linked = self._functions.get(request.space)
        return _Run(context, linked, workplace, request.upload, patience)

    def _stop(self, run: int, reason: str) -> None:
        active = self._active.get(run)
        if active is None:
            return
        _logger.info(
            "Request %s: told to stop (%s).",
            active.context.request_id,
            reason,
            extra=about(active.context.request_id),
        )
        active.context.cancelled.set()
        if active.on_the_loop:
            active.task.cancel()
        loop = asyncio.get_running_loop()
        loop.call_later(STUBBORN_SECONDS, self._say_if_stubborn, run)

    def _told(self, run: int, word: ProgressPoint | str) -> None:
        if isinstance(word, str):
            self._on_text(run, word)
        else:
            self._on_progress(run, word)

    def _ended(self, run: int, task: asyncio.Task[ResultMessage]) -> None:
        context = self._active.pop(run).context
        self._on_end(run, None if task.cancelled() else _result_of(task, context))

    def _say_if_stubborn(self, run: int) -> None:
        if run in self._active:
            _logger.warning(
                "Request %s was told to stop and still runs, which keeps its slot: "
                "let the function look at context.cancelled.",
                self._active[run].context.request_id,
                extra=about(self._active[run].context.request_id),
            )


def _deadline(order: Start) -> datetime:
    """Return when the time of a run is over; that of a held request begins now."""
    latest = order.request.deadline
    if order.seconds is None:
        return latest
    return min(latest, datetime.now(UTC) + timedelta(seconds=order.seconds))


def _patience(deadline: datetime, cancelled: threading.Event) -> Patience:
    """Return how long to try transfers: past the deadline, for this machine's clock may be off."""
    left = (deadline - datetime.now(UTC)).total_seconds()
    seconds = max(LEAST_PATIENCE_SECONDS, left + LATE_SECONDS)
    return Patience(time.monotonic() + seconds, cancelled)


async def _answer(run: _Run, uploads: Upload) -> ResultMessage:
    context = run.context
    if run.linked is None:
        _logger.error(
            "Request %s: no function serves the space %s.",
            context.request_id,
            context.space,
            extra=about(context.request_id),
        )
        return failed_result(context.request_id, NEUTRAL)
    _logger.info("Request %s started.", context.request_id, extra=about(context.request_id))
    try:
        return await _answered(run, run.linked, uploads)
    except asyncio.CancelledError:
        if context.cancelled.is_set():
            raise
        return failure_of(context.request_id, RuntimeError("the function cancelled itself"))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a function raises ends here
        return _failed(context, _as_exception(error))
    finally:
        await _leave(run.workplace)


async def _answered(run: _Run, linked: Linked, uploads: Upload) -> ResultMessage:
    context = run.context
    if linked.params is not None:
        context.params = linked.params.read(context.params)
    began = time.perf_counter()
    returned = await linked.call(context)
    seconds = time.perf_counter() - began
    result = as_result(returned, context.streamed)
    if result is None:
        return unusable(context.request_id, returned)
    message = message_of(context.request_id, result, seconds)
    if needs_delivery(message, result):
        delivery = Delivery(context, run.policy, uploads, run.patience)
        message = await in_thread(functools.partial(delivery.deliver, message, result))
    return _told(sendable(message), context, seconds)


def _result_of(task: asyncio.Task[ResultMessage], context: RequestContext) -> ResultMessage:
    """Return what a run led to: whatever ended it, it must not keep its slot."""
    error = task.exception()
    return task.result() if error is None else _failed(context, _as_exception(error))


async def _leave(workplace: Workplace) -> None:
    try:
        await in_thread(workplace.leave)
    except RuntimeError:  # there is no thread left: better a short pause than the answer lost
        workplace.leave()


def _as_exception(error: BaseException) -> Exception:
    if isinstance(error, Exception):
        return error
    if isinstance(error, SystemExit):
        return RuntimeError("the function called exit")
    wrapped = RuntimeError(f"the function raised {type(error).__name__}")
    wrapped.__cause__ = error
    return wrapped


def _failed(context: RequestContext, error: Exception) -> ResultMessage:
    if isinstance(error, TransferError) and context.cancelled.is_set():
        return failed_result(context.request_id, NEUTRAL)  # which nobody will read
    return failure_of(context.request_id, error)


def _told(message: ResultMessage, context: RequestContext, seconds: float) -> ResultMessage:
    if message.status == "completed" and not context.cancelled.is_set():
        fields = about(context.request_id, seconds=round(seconds, 3), tone="good")
        _logger.info("Request %s answered in %.2f s.", context.request_id, seconds, extra=fields)
    return message
