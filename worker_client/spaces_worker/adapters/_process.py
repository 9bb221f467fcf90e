"""Runs a program in its own process group, and ends the whole group with it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Self, cast

from spaces_worker._runtime.hard_exit import register_hard_exit, unregister_hard_exit
from spaces_worker.adapters._program_guard import program_guard

GRACE_SECONDS: Final = 3.0
"""How long a program may take to exit after SIGTERM."""
OUTPUT_SECONDS: Final = 1.0
"""How long output is read after its exit: a child in a session of its own may keep it open."""
MAX_ERROR_BYTES: Final = 4096
"""How much of the end of its stderr is kept."""

_STDOUT: Final = 1
_GROUPS: Final = sys.platform != "win32"
_KILL: Final = signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM


class Process(asyncio.SubprocessProtocol):
    """A program, from its start to the end of the last process that it started.

    Use it as an async context manager; leaving the block ends the group.

    Args:
        arguments: the program and its arguments.
        stdin: file for its standard input; None for an empty one.
        variables: its environment.
    """

    def __init__(
        self, arguments: Sequence[str], *, stdin: Path | None, variables: Mapping[str, str]
    ) -> None:
        self._arguments = arguments
        self._stdin = stdin
        self._variables = dict(variables)
        self._printed: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._exited = asyncio.Event()
        self._output_ended = False
        self._errors = b""
        self._transport: asyncio.SubprocessTransport | None = None

    async def __aenter__(self) -> Self:
        """Start the program.

        Raises:
            OSError: it does not exist or cannot be started.
        """
        register_hard_exit(self._kill)
        try:
            await self._start()
        except BaseException:
            self._kill()  # cancelled during the start
            unregister_hard_exit(self._kill)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """End what is still running: SIGTERM, then SIGKILL; SIGKILL at once if cancelled."""
        try:
            if not self._exited.is_set():
                self._signal_group(signal.SIGTERM)
                await self._exits_within(GRACE_SECONDS)
        finally:
            if not self._exited.is_set():
                self._kill()
                await self._exits_within(GRACE_SECONDS)
            unregister_hard_exit(self._kill)
            if self._transport is not None:
                program_guard.remove(self._transport.get_pid())
                self._transport.close()

    async def output(self) -> AsyncIterator[bytes]:
        """Yield its output until it ends, or until shortly after its exit."""
        while (piece := await self._printed.get()) is not None:
            yield piece

    async def exit_code(self) -> int:
        """Wait for the end and return the exit code; negative if a signal ended it."""
        await self._exited.wait()
        code = self._transport.get_returncode() if self._transport is not None else None
        return -1 if code is None else code

    @property
    def left_output_open(self) -> bool:
        """Whether something that it started still has its output open."""
        return not self._output_ended

    @property
    def last_error(self) -> str:
        """The last line that it wrote to stderr."""
        lines = self._errors.decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    # -- asyncio callbacks ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport of the started process."""
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Take its output."""
        if fd == _STDOUT:
            self._printed.put_nowait(data)
        else:
            self._errors = (self._errors + data)[-MAX_ERROR_BYTES:]

    def process_exited(self) -> None:
        """End the remaining children, which would keep the pipes open."""
        self._exited.set()
        self._kill()
        asyncio.get_running_loop().call_later(OUTPUT_SECONDS, self._end_output)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio has it
        """Mark the end of the output: all pipes are closed."""
        self._output_ended = True
        self._end_output()

    def _end_output(self) -> None:
        self._printed.put_nowait(None)

    # -- the program -----------------------------------------------------------------------------

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        source = Path(os.devnull) if self._stdin is None else self._stdin
        with source.open("rb") as stdin:
            transport, _ = await loop.subprocess_exec(
                lambda: self,
                *self._arguments,
                stdin=stdin,
                env=self._variables,
                start_new_session=_GROUPS,
            )
        program_guard.add(transport.get_pid())

    # -- the group -------------------------------------------------------------------------------

    def _kill(self) -> None:
        self._signal_group(_KILL)

    async def _exits_within(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._exited.wait()

    def _signal_group(self, number: signal.Signals) -> None:
        transport = self._transport
        if transport is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if _GROUPS:
                os.killpg(transport.get_pid(), number)
            else:
                transport.terminate()
