"""An execution environment: one process of the function, and the Runtime API that it calls."""

import asyncio
import contextlib
import json
import logging
import re
import time
from collections.abc import Mapping
from typing import Any, Final, Self
from uuid import uuid4

from infra.local.stream_front.function import Function
from infra.local.stream_front.posted_response import pass_on
from infra.local.stream_front.reply import Reply
from infra.local.strict_edge.http_messages import (
    Cut,
    Message,
    plain_body,
    read_head,
    respond,
    with_body,
)

_NEXT: Final = "/2018-06-01/runtime/invocation/next"
_RESPONSE: Final = re.compile(r"/2018-06-01/runtime/invocation/[\w-]+/response")
_log: Final = logging.getLogger(__name__)


class Execution:
    """An execution environment, which serves one invocation at a time.

    Attributes:
        started: when its process was started, by the monotonic clock.
    """

    def __init__(self, function: Function) -> None:
        self.started = time.monotonic()
        self._function = function
        self._invocations: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._ready = asyncio.Event()
        self._handed_out = False
        self._reply: Reply | None = None
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server
        self._process: asyncio.subprocess.Process
        self._watch: asyncio.Task[None]

    @classmethod
    async def start(cls, function: Function, credentials: Mapping[str, str]) -> Self:
        """Start a process with the credentials of the function's role."""
        self = cls(function)
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self._process = await asyncio.create_subprocess_exec(
            *function.command,
            env={
                **function.environment,
                **credentials,
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
            },
            stdin=asyncio.subprocess.DEVNULL,
        )
        self._watch = asyncio.create_task(self._watch_process())
        return self

    @property
    def alive(self) -> bool:
        """Whether its process still runs."""
        return self._process.returncode is None

    async def invoke(self, event: dict[str, Any], reply: Reply) -> None:
        """Run one invocation until the process asks for the next, or its time is over."""
        self._reply = reply
        self._ready.clear()
        self._invocations.put_nowait(event)
        try:
            async with asyncio.timeout(self._function.timeout):
                await self._ready.wait()
        except TimeoutError:
            _log.warning("an invocation took longer than %s s", self._function.timeout)
            await self.end()
        await reply.fail()  # does nothing to a response that is complete

    async def end(self) -> None:
        """End the process."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._watch

    async def _watch_process(self) -> None:
        await self._process.wait()
        self._ready.set()
        self._server.close()
        for task in self._calls:
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if (head := await read_head(reader)) is not None:
                answer = await self._answer(head, reader)
                writer.write(answer.head + answer.body)
                await writer.drain()
        except (Cut, ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _answer(self, head: Message, reader: asyncio.StreamReader) -> Message:
        if head.path == _NEXT:
            return await self._next()
        if _RESPONSE.fullmatch(head.path) and self._reply is not None:
            with contextlib.suppress(Cut):
                await pass_on(reader, self._reply)
        else:
            report = await with_body(reader, head)
            _log.warning("%s: %s", head.path, plain_body(report).decode())
        return respond(202, "Accepted")

    async def _next(self) -> Message:
        if self._handed_out:
            self._ready.set()
        event = await self._invocations.get()
        self._handed_out = True
        deadline = time.time() + self._function.timeout
        return respond(
            200,
            "OK",
            json.dumps(event).encode(),
            Lambda_Runtime_Aws_Request_Id=str(uuid4()),
            Lambda_Runtime_Deadline_Ms=str(int(deadline * 1000)),
            Lambda_Runtime_Invoked_Function_Arn=self._function.arn,
        )
