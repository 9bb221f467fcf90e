"""One WebSocket: its limits, its end, and the messages in both directions."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from infra.local.strict_edge.emulator_calls import Stream
from infra.local.strict_edge.http_messages import Message
from infra.local.strict_edge.rules import Rules
from infra.local.strict_edge.socket_routes import Identity

_CLOSE_SECONDS: Final = 2.0
_READ_BYTES: Final = 65536
KEPT: Final = 20
"""Messages of a worker that may come back later."""


class Socket:
    """A worker's connection.

    Attributes:
        identity: what API Gateway knows of it.
        last_active: when the worker last sent a message, in seconds since 1970.
        said: its last messages.
    """

    def __init__(
        self, stream: Stream, rules: Rules, identity: Identity, heard: Callable[[str], None]
    ) -> None:
        self._reader, self._writer = stream
        self._rules = rules
        self._heard = heard
        self._protocol = ServerProtocol(max_size=(rules.message_bytes, rules.frame_bytes))
        self._parts: list[bytes] = []
        self._opened = self._moved = time.monotonic()
        self.identity = identity
        self.last_active = time.time()
        self.said: deque[str] = deque(maxlen=KEPT)

    @property
    def end(self) -> tuple[int, str]:
        """How it ended: the close code, 1006 without a closing handshake, and the reason."""
        close = self._protocol.close_rcvd or self._protocol.close_sent
        return (1006, "") if close is None else (close.code, close.reason)

    def accept(self, handshake: Message) -> None:
        """Switch to WebSocket."""
        self._protocol.receive_data(handshake.head)
        (request,) = self._protocol.events_received()
        assert isinstance(request, Request)  # noqa: S101 - for mypy
        self._protocol.send_response(self._protocol.accept(request))
        self._flush()

    async def serve(self) -> None:
        """Pass its messages on until it ends."""
        watching = asyncio.create_task(self._watch())
        try:
            while self._protocol.state is not State.CLOSED:
                data = await self._read()
                if data:
                    self._protocol.receive_data(data)
                else:
                    self._protocol.receive_eof()
                self._take(self._protocol.events_received())
                self._flush()
                if self._protocol.close_expected():
                    await self._drain()
                    break
        finally:
            watching.cancel()

    def send(self, text: str) -> None:
        """Send a message in frames that are not too long, unless the socket has ended."""
        data, size = text.encode(), self._rules.frame_bytes
        with contextlib.suppress(InvalidState):
            self._protocol.send_text(data[:size], fin=len(data) <= size)
            for at in range(size, len(data), size):
                self._protocol.send_continuation(data[at : at + size], fin=at + size >= len(data))
            self._flush()

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake, and end the socket soon even without the other side."""
        with contextlib.suppress(InvalidState):
            self._protocol.send_close(code, reason)
            self._flush()
        asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._writer.transport.abort)

    def abort(self) -> None:
        """End it without a closing handshake."""
        self._writer.transport.abort()

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(_READ_BYTES)
        except ConnectionError:
            return b""

    def _take(self, events: Iterable[object]) -> None:
        for event in events:
            if isinstance(event, Frame) and self._protocol.state is State.OPEN:
                self._take_frame(event)

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.BINARY:
            self._protocol.fail(1003, "Binary is not supported")
            return
        if frame.opcode not in {Opcode.TEXT, Opcode.CONT}:
            return
        self._parts.append(bytes(frame.data))
        if not frame.fin:
            return
        whole, self._parts = b"".join(self._parts), []
        self._moved, self.last_active = time.monotonic(), time.time()
        try:
            text = whole.decode()
        except UnicodeDecodeError:
            self._protocol.fail(1007, "Invalid UTF-8")
            return
        self._heard(text)
        self.said.append(text)

    async def _watch(self) -> None:
        """End the socket when it was silent or open for too long."""
        while True:
            now = time.monotonic()
            idle = self._moved + self._rules.idle_seconds - now
            life = self._opened + self._rules.life_seconds - now
            if min(idle, life) <= 0:
                self._rules.met["socket: idle" if idle <= life else "socket: too old"] += 1
                self.close(1001, "Going away")
                return
            await asyncio.sleep(min(idle, life, 1.0))

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data and not self._writer.is_closing():
                self._writer.write(data)

    async def _drain(self) -> None:
        """Let the other side read what was sent, and end the connection as it should."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            await self._writer.drain()
            if self._writer.can_write_eof():
                self._writer.write_eof()
            async with asyncio.timeout(_CLOSE_SECONDS):
                while await self._reader.read(_READ_BYTES):
                    pass
