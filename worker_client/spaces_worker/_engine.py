"""Connects session, runner, disk and socket: passes events in, and messages and effects out."""

import asyncio
import contextlib
import math
import ssl
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from spaces_protocol.worker_messages import AnyWorkerMessage
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._connection.backoff import ReconnectDelay
from spaces_worker._connection.file_host import FileHost
from spaces_worker._connection.keepalive import Keepalive
from spaces_worker._connection.reconnect import Reconnector
from spaces_worker._connection.transport import peer_address, send
from spaces_worker._files.example_uploads import ExampleUploader
from spaces_worker._files.request_folder import remove_abandoned_folders
from spaces_worker._files.transfers import Transfers
from spaces_worker._functions.functions import RegisteredFunction
from spaces_worker._functions.runner import Runner
from spaces_worker._log import wing_logger
from spaces_worker._runtime.loop_watchdog import watch_loop
from spaces_worker._runtime.threads import in_thread
from spaces_worker._session.piece import Piece
from spaces_worker._session.progress import ProgressPoint
from spaces_worker._session.session import Session
from spaces_worker._settings import Settings
from spaces_worker._status.activity import Activity
from spaces_worker._storage.result_store import ResultStore, results_folder
from spaces_worker._storage.result_writer import ResultWriter

FLUSH_SECONDS: Final = 2.0
"""Maximum time to send the last messages."""

_logger: Final = wing_logger(__name__)


class Ending(StrEnum):
    """How a worker ended."""

    DRAINED = "drained"
    STOPPED = "stopped"


class Engine:
    """Runs one worker until it is drained or stopped."""

    def __init__(
        self,
        session: Session,
        functions: Mapping[str, RegisteredFunction],
        settings: Settings,
        delay: ReconnectDelay,
        certificates: Callable[[], ssl.SSLContext],
        activity: Activity,
        *,
        watched: bool = False,
    ) -> None:
        self._session = session
        self._activity = activity
        self._reconnector = Reconnector(
            settings,
            certificates,
            delay,
            self._serve_connection,
            self._renewal_due,
            watched=watched,
        )
        self._settings = settings
        self._file_host = FileHost(settings.url)
        transfers = Transfers(self._file_host, certificates)
        self._runner = Runner(
            functions,
            transfers,
            on_progress=self._progressed,
            on_piece=self._streamed,
            on_end=self._ended,
        )
        files = {
            name: file for each in functions.values() for name, file in each.examples.files.items()
        }
        self._example_uploader = ExampleUploader(files, transfers, self._examples_uploaded)
        self._writer = ResultWriter(_store(settings), on_saved=self._saved)
        self._keepalive = Keepalive()
        self._outgoing: asyncio.Queue[AnyWorkerMessage] = asyncio.Queue()
        self._connection: ClientConnection | None = None
        self._wake = asyncio.Event()
        self._received = asyncio.Event()
        self._stopped = False

    async def run(self) -> Ending:
        """Stay connected and serve; return after `drain` or `stop`."""
        with watch_loop(self._runner.spaces_on_the_loop):
            return await self._run()

    async def _run(self) -> Ending:
        await in_thread(remove_abandoned_folders)
        await self._restore()
        connection = asyncio.create_task(self._reconnector.run())
        pump = asyncio.create_task(self._pump())
        writing = asyncio.create_task(self._writer.run())
        try:
            await asyncio.wait({connection, pump, writing}, return_when=asyncio.FIRST_COMPLETED)
            for endless in (connection, writing):
                if endless.done():
                    endless.result()  # only an error can end it
            ending = pump.result()
            await self._flush()
        except asyncio.CancelledError:
            self.stop()
            await asyncio.wait({pump}, timeout=FLUSH_SECONDS)
            await self._flush()
            raise
        finally:
            for each in (connection, pump):
                each.cancel()
            await self._writer.close(FLUSH_SECONDS)
            writing.cancel()
            await asyncio.gather(connection, pump, writing, return_exceptions=True)
            await self._runner.close()
            await self._example_uploader.close()
        self._log_ending(ending)
        return ending

    def drain(self) -> None:
        """Finish the held requests, accept no new ones, then end."""
        self._session.drain(self._now())
        self._wake.set()

    def stop(self) -> None:
        """End now and return the held requests to the queue."""
        self._session.stop(self._now())
        self._stopped = True
        self._wake.set()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    # -- from the functions ----------------------------------------------------------------------

    def _progressed(self, run: int, point: ProgressPoint) -> None:
        self._session.progressed(run, point, self._now())
        self._wake.set()

    def _streamed(self, run: int, piece: Piece) -> None:
        self._session.streamed(run, piece, self._now())
        self._wake.set()

    def _ended(self, run: int, result: ResultMessage | None) -> None:
        self._session.ended(run, result, self._now())
        self._activity.ended(None if result is None else result.status)
        self._wake.set()

    def _examples_uploaded(self) -> None:
        self._session.examples_uploaded(self._now())
        self._wake.set()

    # -- from and to the disk --------------------------------------------------------------------

    async def _restore(self) -> None:
        saved = await self._writer.load()
        for result, age in saved:
            self._session.restore(result, age, self._now())
        if saved:
            _logger.info("Unsent results from an earlier run: %d.", len(saved))

    def _saved(self, result: ResultMessage) -> None:
        self._session.saved(result, self._now())
        self._wake.set()

    # -- to the functions and the socket ---------------------------------------------------------

    async def _pump(self) -> Ending:
        while True:
            now = self._now()
            self._session.tick(now)
            for effect in self._session.take_run_effects():
                self._runner.execute(effect)
            self._activity.update(self._session.held)
            for wanted in self._session.take_example_uploads():
                self._example_uploader.upload(wanted)
            for disk_effect in self._session.take_disk_effects():
                self._writer.execute(disk_effect)
            for message in self._session.take_messages():
                self._outgoing.put_nowait(message)
            if self._stopped:
                return Ending.STOPPED
            if self._session.drained(now):
                return Ending.DRAINED
            await _wait(self._wake, self._session.wake_at())

    # -- with the gateway ------------------------------------------------------------------------

    async def _serve_connection(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._file_host.gateway_is_at(peer_address(connection, self._settings))
        self._outgoing = asyncio.Queue()
        self._session.opened(self._now())
        if (
            self._activity.snapshot.connected_since is None
        ):  # people see a renewed connection as the same
            self._activity.connected()
        self._wake.set()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._send_all(connection, self._outgoing))
                group.create_task(self._receive_all(connection))
                group.create_task(self._keepalive.watch(connection))
        except* ConnectionClosed:
            pass
        finally:
            if self._connection is connection:
                self._session.lost()
                self._activity.disconnected()

    async def _renewal_due(self) -> None:
        while self._now() < self._session.renew_at:
            await _wait(self._received, self._session.renew_at)

    async def _send_all(
        self, connection: ClientConnection, outgoing: asyncio.Queue[AnyWorkerMessage]
    ) -> None:
        while True:
            message = await outgoing.get()
            await send(connection, message)
            outgoing.task_done()

    async def _receive_all(self, connection: ClientConnection) -> None:
        while True:
            text = await connection.recv()
            self._session.received(text, self._now(), former=self._connection is not connection)
            self._file_host.name(self._session.files_url)
            self._wake.set()
            self._received.set()

    # -- the end ---------------------------------------------------------------------------------

    async def _flush(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._outgoing.join()

    def _log_ending(self, ending: Ending) -> None:
        if self._session.unacknowledged:
            folder = self._writer.folder
            fate = (
                "They may be lost."
                if folder is None
                else f"The next start sends them from {folder}."
            )
            count = self._session.unacknowledged
            _logger.warning("%d results were not acknowledged. %s", count, fate)
        if ending is Ending.DRAINED:
            _logger.info("Worker finished.")
        else:
            _logger.info("Worker stopped; unfinished requests were returned to the queue.")


async def _wait(event: asyncio.Event, until: float) -> None:
    """Wait for an event and clear it, or until a time of the loop."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout_at(None if math.isinf(until) else until):
            await event.wait()
    event.clear()


def _store(settings: Settings) -> ResultStore:
    return ResultStore(results_folder(settings.state_dir, settings.url, settings.worker_id))
