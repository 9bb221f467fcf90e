"""Stands between the workers and the socket API: links break, freeze, and lose or repeat words."""

import asyncio
import contextlib
from collections import defaultdict, deque
from types import MappingProxyType
from typing import Final

from tests.chaos.dice import Dice, Tally
from tests.chaos.frames import Frame, FrameCutter
from tests.chaos.http_messages import read_message
from tests.chaos.link import Link, Stream, read, write

TO_GATEWAY: Final = MappingProxyType({"repeated": 0.02, "late": 0.015, "old one again": 0.01})
TO_WORKER: Final = MappingProxyType({"repeated": 0.02, "late": 0.015, "lost": 0.003})
"""What may happen to a message on its way: API Gateway promises neither order nor delivery."""
LATE_SECONDS: Final = (0.2, 6.0)
KEPT: Final = 20
"""Messages of a worker that may come back later."""


class SocketProxy:
    """All links of all workers. Its methods run in the loop that serves it."""

    def __init__(self, port: int, dice: Dice, tally: Tally) -> None:
        self._upstream_port = port
        self._dice = dice
        self._tally = tally
        self._links: dict[str, Link] = {}
        self._unreachable: set[str] = set()
        self._said: defaultdict[str, deque[Frame]] = defaultdict(lambda: deque(maxlen=KEPT))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a worker."""
        try:
            gateway = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        except OSError:
            writer.transport.abort()
            return
        try:
            link = await self._shake_hands((reader, writer), gateway)
            if link is not None:
                await self._carry(link)
        finally:
            for half in (writer, gateway[1]):
                half.close()
                with contextlib.suppress(ConnectionError):
                    await half.wait_closed()

    async def cut(self, worker_id: str) -> None:
        """Cut a worker's link on both sides."""
        if link := self._links.get(worker_id):
            self._tally.note("link: cut")
            link.cut()

    async def freeze(self, worker_id: str, seconds: float) -> None:
        """Let nothing through for a while; then everything comes, as TCP repeats it."""
        if link := self._links.get(worker_id):
            self._tally.note("link: half-open, came back")
            link.passable.clear()
            await asyncio.sleep(seconds)
            link.passable.set()

    async def swallow(self, worker_id: str, seconds: float, later: float) -> None:
        """Drop what is sent; the worker's side ends after a while, the gateway's later."""
        if link := self._links.get(worker_id):
            self._tally.note("link: half-open, for good")
            link.swallows = True
            await asyncio.sleep(seconds)
            link.worker[1].transport.abort()
            await asyncio.sleep(later)
            link.cut()

    async def pull_out(self, worker_id: str) -> None:
        """Drop all that a worker sends from now on, new links included."""
        self._unreachable.add(worker_id)
        if link := self._links.get(worker_id):
            link.swallows = True

    async def _shake_hands(self, worker: Stream, gateway: Stream) -> Link | None:
        asked = await read_message(worker[0])
        if asked is None or asked.headers.get("x-worker-id") in self._unreachable:
            return None
        gateway[1].write(asked.head + asked.body)
        answered = await read_message(gateway[0])
        if answered is None:
            return None
        worker[1].write(answered.head + answered.body)
        await worker[1].drain()
        if " 101 " not in answered.start:
            return None
        link = Link(asked.headers["x-worker-id"], worker, gateway)
        self._links[link.worker_id] = link
        return link

    async def _carry(self, link: Link) -> None:
        out = asyncio.create_task(self._carry_to_gateway(link))
        back = asyncio.create_task(self._carry_to_worker(link))
        await asyncio.wait({out, back}, return_when=asyncio.FIRST_COMPLETED)
        if link.swallows:  # the other side does not learn that this one has closed
            await asyncio.wait({out, back})
        for each in (out, back):
            each.cancel()
        await asyncio.gather(out, back, return_exceptions=True)

    async def _carry_to_gateway(self, link: Link) -> None:
        cutter = FrameCutter()
        while data := await read(link, link.worker[0]):
            for frame in cutter.feed(data):
                if frame.is_whole_text:
                    self._said[link.worker_id].append(frame)
                self._pass_on(link, frame, link.gateway[1], "to the gateway")

    async def _carry_to_worker(self, link: Link) -> None:
        cutter = FrameCutter()
        while data := await read(link, link.gateway[0]):
            for frame in cutter.feed(data):
                self._pass_on(link, frame, link.worker[1], "to the worker")

    def _pass_on(self, link: Link, frame: Frame, half: asyncio.StreamWriter, way: str) -> None:
        if link.swallows:
            return
        chances = TO_GATEWAY if way == "to the gateway" else TO_WORKER
        kind = self._dice.one_of(dict(chances)) if frame.is_whole_text else None
        if kind is not None:
            self._tally.note(f"message {way}: {kind}")
        if kind == "late":
            self._send_later(link.worker_id, frame, way)
        elif kind != "lost":
            write(half, frame)
        if kind == "repeated":
            write(half, frame)
        elif kind == "old one again":
            self._send_later(link.worker_id, self._said[link.worker_id][0], way)

    def _send_later(self, worker_id: str, frame: Frame, way: str) -> None:
        """Send a message by whatever link the worker has by then."""

        def send() -> None:
            link = self._links[worker_id]
            if not link.swallows:
                write(link.halves()[way == "to the gateway"], frame)

        asyncio.get_running_loop().call_later(self._dice.between(*LATE_SECONDS), send)
