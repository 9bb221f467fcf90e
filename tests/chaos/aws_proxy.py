"""Stands between the functions and AWS (the emulator): each call may meet a fault."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Final

from tests.chaos.aws_faults import (
    BURST,
    CHANCES,
    INSTEAD,
    LIE,
    LIE_CHANCE,
    Call,
    call_of,
    fits,
    refusal,
)
from tests.chaos.dice import Dice, Tally
from tests.chaos.http_messages import Message, read_message
from tests.chaos.link import Stream

SLOW_SECONDS: Final = (0.1, 1.5)
OVER_THE_TIME_OUT: Final = 5.5
"""The gateway waits 5 s for AWS."""
STALE_SECONDS: Final = 1.0
"""Eventually consistent reads of DynamoDB lag by less than this."""

KillCaller = Callable[[int], bool]
"""Kills the function whose end of the connection is that port; tells whether it did."""


class Cut(Exception):
    """The connection to the function ends here, without an answer."""


class AwsProxy:
    """Passes calls on to the emulator unchanged, except where the dice say otherwise."""

    def __init__(self, port: int, dice: Dice, tally: Tally, kill_caller: KillCaller) -> None:
        self._upstream_port = port
        self._dice = dice
        self._tally = tally
        self._kill_caller = kill_caller
        self._down: dict[str, float] = {}
        self.chances = {service: dict(chances) for service, chances in CHANCES.items()}
        self._seen: dict[bytes, tuple[float, bytes]] = {}

    def lie(self) -> None:
        """Confirm some writes to DynamoDB that are not made."""
        self.chances["DynamoDB"][LIE] = LIE_CHANCE

    def take_down(self, service: str, seconds: float) -> None:
        """Let every call to a service fail for a while."""
        self._tally.note(f"{service}: down for a while")
        self._down[service] = time.monotonic() + seconds

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a function."""
        caller = writer.get_extra_info("peername")[1]
        upstream = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        try:
            while (message := await read_message(reader)) is not None:
                writer.write(await self._answer(call_of(message), upstream, caller))
                await writer.drain()
        except (Cut, ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            for each in (writer, upstream[1]):
                each.close()
                with contextlib.suppress(ConnectionError):
                    await each.wait_closed()

    async def _answer(self, call: Call, upstream: Stream, caller: int) -> bytes:
        kind = self._fault(call)
        if kind in INSTEAD:
            return refusal(kind, call)
        match kind:
            case "cut before the call":
                raise Cut
            case "function killed before the call":
                self._kill_caller(caller)
                raise Cut
            case "stale read":
                return self._seen[call.message.body][1]
        answered = await self._pass_on(call, upstream)
        return await self._spoil(kind, call, answered, caller)

    async def _spoil(self, kind: str | None, call: Call, answered: bytes, caller: int) -> bytes:
        """Let something go wrong with the answer to a call that was carried out."""
        match kind:
            case "function killed after the call":
                self._kill_caller(caller)
                raise Cut
            case "answer lost":
                raise Cut
            case "410 though delivered":
                return refusal(kind, call)
            case "slow":
                await asyncio.sleep(self._dice.between(*SLOW_SECONDS))
            case "answer after the time-out":
                await asyncio.sleep(OVER_THE_TIME_OUT)
        return answered

    def _fault(self, call: Call) -> str | None:
        down = self._dice.armed and self._down.get(call.service, 0) > time.monotonic()
        kind = self._dice.one_of(dict(BURST) if down else self.chances[call.service])
        if kind is None or not fits(kind, call):
            return None
        if kind == "stale read" and not self._knows_older(call):
            return None
        self._tally.note(f"{call.service}: {kind}")
        return kind

    def _knows_older(self, call: Call) -> bool:
        known = self._seen.get(call.message.body)
        return known is not None and time.monotonic() - known[0] < STALE_SECONDS

    async def _pass_on(self, call: Call, upstream: Stream) -> bytes:
        reader, writer = upstream
        writer.write(call.message.head + call.message.body)
        await writer.drain()
        answered: Message | None = await read_message(reader)
        if answered is None:
            raise Cut
        raw = answered.head + answered.body
        if call.reads_loosely:
            self._seen[call.message.body] = (time.monotonic(), raw)
        return raw
