"""Stands between the workers and the socket API: links break, freeze, and swallow all they get.

What happens to single messages is up to the strict edge behind it.
"""

import asyncio
import contextlib

from infra.local.strict_edge.http_messages import read_head
from tests.chaos.dice import Tally
from tests.chaos.link import Link, Stream


class SocketProxy:
    """All links of all workers. Its methods run in the loop that serves it."""

    def __init__(self, port: int, tally: Tally) -> None:
        self._upstream_port = port
        self._tally = tally
        self._links: dict[str, Link] = {}
        self._unreachable: set[str] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a worker."""
        try:
            gateway = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        except OSError:
            writer.transport.abort()
            return
        try:
            link = await self._open((reader, writer), gateway)
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

    async def _open(self, worker: Stream, gateway: Stream) -> Link | None:
        handshake = await read_head(worker[0])
        if handshake is None or handshake.headers.get("x-worker-id") in self._unreachable:
            return None
        gateway[1].write(handshake.head)
        link = Link(handshake.headers["x-worker-id"], worker, gateway)
        self._links[link.worker_id] = link
        return link

    async def _carry(self, link: Link) -> None:
        out = asyncio.create_task(link.carry(link.worker[0], link.gateway[1]))
        back = asyncio.create_task(link.carry(link.gateway[0], link.worker[1]))
        await asyncio.wait({out, back}, return_when=asyncio.FIRST_COMPLETED)
        if link.swallows:  # the other side does not learn that this one has closed
            await asyncio.wait({out, back})
        for each in (out, back):
            each.cancel()
        await asyncio.gather(out, back, return_exceptions=True)
