"""Runs the functions of requests when the session asks for it."""

import asyncio
import functools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from spaces_protocol.gateway_messages import Input, UploadPolicy
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._errors import TransferError, UserError
from spaces_worker._files.input_body import fetch_body
from spaces_worker._files.request_folder import RequestFolder
from spaces_worker._files.retry import RetryDeadline
from spaces_worker._files.transfers import Transfers
from spaces_worker._functions.call_answer import as_answer
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.functions import RegisteredFunction
from spaces_worker._functions.result import as_result
from spaces_worker._functions.result_message import (
    NEUTRAL,
    failure_of,
    message_of,
    sendable,
    unusable,
)
from spaces_worker._functions.result_upload import ResultUpload, Uploader, needs_upload
from spaces_worker._log import RequestLog, wing_logger
from spaces_worker._runtime.threads import in_thread
from spaces_worker._session.effects import RunEffect, StartRun, StopRun
from spaces_worker._session.piece import Piece
from spaces_worker._session.progress import ProgressPoint
from spaces_worker._session.request_tracker import failed_result

STOP_WARNING_SECONDS: Final = 10.0
"""After this time, the operator is warned of a stopping function that still runs."""
CLOSE_SECONDS: Final = 2.0
"""How long `Runner.close` waits for async functions to clean up, twice."""
MIN_TRANSFER_SECONDS: Final = 60.0
"""Every transfer is tried for at least this long."""
TRANSFER_GRACE_SECONDS: Final = 30.0
"""How long transfers are tried after the deadline, because the gateway's clock decides."""

_logger: Final = wing_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Run:
    context: RequestContext
    registered: RegisteredFunction | None
    request_folder: RequestFolder
    sent: Input
    policy: UploadPolicy | None
    retry_deadline: RetryDeadline


@dataclass(frozen=True, slots=True)
class _Active:
    task: asyncio.Task[ResultMessage]
    context: RequestContext
    registered: RegisteredFunction | None

    @property
    def log(self) -> RequestLog:
        """The log lines of its request."""
        return _log_of(self.context)

    @property
    def on_the_loop(self) -> bool:
        """Whether cancelling its task cancels the function."""
        return self.registered is None or not self.registered.in_thread


class Runner:
    """Starts and stops runs and reports their outcome.

    Args:
        functions: the function of each space.
        transfers: downloads and uploads files.
        on_progress: called with the progress of a run.
        on_piece: called with each piece that a run streams.
        on_end: called with a run's result, or with None if it was stopped.
    """

    def __init__(
        self,
        functions: Mapping[str, RegisteredFunction],
        transfers: Transfers,
        *,
        on_progress: Callable[[int, ProgressPoint], None],
        on_piece: Callable[[int, Piece], None],
        on_end: Callable[[int, ResultMessage | None], None],
    ) -> None:
        self._functions = functions
        self._transfers = transfers
        self._on_progress = on_progress
        self._on_piece = on_piece
        self._on_end = on_end
        self._active: dict[int, _Active] = {}

    def execute(self, effect: RunEffect) -> None:
        """Carry out an effect of the session."""
        match effect:
            case StartRun():
                self._start(effect)
            case StopRun():
                self._stop(effect.run, effect.reason)

    def spaces_on_the_loop(self) -> list[str]:
        """Return the spaces whose async functions are running; callable from any thread."""
        return [
            active.context.space for active in list(self._active.values()) if active.on_the_loop
        ]

    async def close(self) -> None:
        """Stop all runs; threads that do not stop are abandoned."""
        for active in list(self._active.values()):
            if active.on_the_loop and active.context.cancelled.is_set():
                continue  # it was cancelled before and is cleaning up
            active.context.cancelled.set()
            active.task.cancel()
        await self._wait_for_all()
        for active in list(self._active.values()):
            active.task.cancel()  # interrupts a clean-up that takes too long
        await self._wait_for_all()

    async def _wait_for_all(self) -> None:
        tasks = {active.task for active in self._active.values()}
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_SECONDS)

    def _start(self, effect: StartRun) -> None:
        loop = asyncio.get_running_loop()
        tell = functools.partial(
            loop.call_soon_threadsafe, functools.partial(self._reported, effect.run)
        )
        run = self._run(effect, tell)
        task = loop.create_task(_answer(run, self._transfers.upload), name=f"run {effect.run}")
        self._active[effect.run] = _Active(task, run.context, run.registered)
        task.add_done_callback(functools.partial(self._ended, effect.run))

    def _run(self, effect: StartRun, tell: Callable[[ProgressPoint | Piece], object]) -> _Run:
        request = effect.request
        deadline = _deadline(effect)
        cancelled = threading.Event()
        retry_deadline = _retry_deadline(deadline, cancelled)
        request_folder = RequestFolder(
            functools.partial(self._transfers.download, deadline=retry_deadline)
        )
        context = RequestContext(
            request, tell, request_folder=request_folder, deadline=deadline, cancelled=cancelled
        )
        registered = self._functions.get(request.space)
        return _Run(
            context, registered, request_folder, request.input, request.upload, retry_deadline
        )

    def _stop(self, run: int, reason: str) -> None:
        active = self._active.get(run)
        if active is None:
            return
        active.log.info("stopping (%s).", reason)
        active.context.cancelled.set()
        if active.on_the_loop:
            active.task.cancel()
        loop = asyncio.get_running_loop()
        loop.call_later(STOP_WARNING_SECONDS, self._warn_if_running, run)

    def _reported(self, run: int, word: ProgressPoint | Piece) -> None:
        if isinstance(word, Piece):
            self._on_piece(run, word)
        else:
            self._on_progress(run, word)

    def _ended(self, run: int, task: asyncio.Task[ResultMessage]) -> None:
        context = self._active.pop(run).context
        self._on_end(run, None if task.cancelled() else _result_of(task, context))

    def _warn_if_running(self, run: int) -> None:
        if run in self._active:
            self._active[run].log.warning(
                "the function has not stopped and still occupies a slot; let it check "
                "context.cancelled."
            )


def _log_of(context: RequestContext) -> RequestLog:
    return RequestLog(_logger, context.request_id, context.traceparent)


def _deadline(effect: StartRun) -> datetime:
    """Return when a run must end: never later than its time limit from now on."""
    latest = effect.request.deadline
    if effect.seconds is None:
        return latest
    return min(latest, datetime.now(UTC) + timedelta(seconds=effect.seconds))


def _retry_deadline(deadline: datetime, cancelled: threading.Event) -> RetryDeadline:
    """Return how long to try transfers: past the deadline, as this clock may be wrong."""
    left = (deadline - datetime.now(UTC)).total_seconds()
    seconds = max(MIN_TRANSFER_SECONDS, left + TRANSFER_GRACE_SECONDS)
    return RetryDeadline(time.monotonic() + seconds, cancelled)


async def _answer(run: _Run, upload: Uploader) -> ResultMessage:
    context = run.context
    log = _log_of(context)
    if run.registered is None:
        log.error("no function is registered for the space %s.", context.space)
        return failed_result(context.request_id, NEUTRAL)
    log.info("started.")
    try:
        return await _answered(run, run.registered, upload)
    except asyncio.CancelledError:
        if context.cancelled.is_set():
            raise
        return failure_of(context.request_id, RuntimeError("the function cancelled itself"))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a function can raise anything
        return _failed(context, _as_exception(error))
    finally:
        await _close(run.request_folder)


async def _answered(run: _Run, registered: RegisteredFunction, upload: Uploader) -> ResultMessage:
    context = run.context
    if run.sent.body_url is not None:
        context.take_input(
            await in_thread(functools.partial(fetch_body, run.sent, run.request_folder))
        )
    _prepare(context, registered)
    began = time.perf_counter()
    returned = await registered.call(context)
    seconds = time.perf_counter() - began
    result = as_result(returned, context.streamed)
    if result is None:
        return unusable(context.request_id, returned)
    if not registered.takes_calls:
        result = as_answer(result, context)
    if result.says_nothing:
        _log_of(context).warning("the answer is empty.")
    message = message_of(context.request_id, result, seconds)
    if needs_upload(message, result):
        delivery = ResultUpload(context, run.policy, upload, run.retry_deadline)
        message = await in_thread(functools.partial(delivery.upload_result, message, result))
    return _reported(sendable(message), context, seconds)


def _prepare(context: RequestContext, registered: RegisteredFunction) -> None:
    """Check the endpoint of a call and the params; those of a call are the ones that are declared.

    Raises:
        UserError: the function does not serve the endpoint, or a param is invalid.
    """
    call, params = context.call, registered.params
    if call is not None and call.endpoint not in registered.endpoints:
        served = ", ".join(registered.endpoints)
        text = f"This model does not serve {call.endpoint}; it serves {served}."
        raise UserError(text, error_type="endpoint_not_served")
    if params is None or (call is not None and registered.takes_calls):
        return
    if call is not None:
        known = params.schema["properties"]
        context.params = {name: each for name, each in context.params.items() if name in known}
    context.params = params.read(context.params)


def _result_of(task: asyncio.Task[ResultMessage], context: RequestContext) -> ResultMessage:
    """Return the outcome of a run; whatever ended it, its slot must become free."""
    error = task.exception()
    return task.result() if error is None else _failed(context, _as_exception(error))


async def _close(request_folder: RequestFolder) -> None:
    try:
        await in_thread(request_folder.close)
    except RuntimeError:  # no thread can be started; a short pause is better than a lost result
        request_folder.close()


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
        return failed_result(context.request_id, NEUTRAL)  # the result is no longer wanted
    return failure_of(context.request_id, error)


def _reported(message: ResultMessage, context: RequestContext, seconds: float) -> ResultMessage:
    if message.status == "completed" and not context.cancelled.is_set():
        fields = {"seconds": round(seconds, 3), "tone": "good"}
        _log_of(context).info("answered in %.2f s.", seconds, extra=fields)
    return message
