"""A worker's connection through the proxy: two halves, which may stop carrying."""

import asyncio

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Link:
    """One worker's connection, both halves."""

    def __init__(self, worker_id: str, worker: Stream, gateway: Stream) -> None:
        self.worker_id = worker_id
        self.worker = worker
        self.gateway = gateway
        self.passable = asyncio.Event()
        self.passable.set()
        self.swallows = False

    def cut(self) -> None:
        """End it on both sides at once."""
        for half in (self.worker, self.gateway):
            half[1].transport.abort()

    async def carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass bytes on, once the link lets them through, until one side ends."""
        while data := await self._read(source):
            if not self.swallows and not target.is_closing():
                target.write(data)

    async def _read(self, source: asyncio.StreamReader) -> bytes:
        try:
            data = await source.read(65536)
        except ConnectionError:
            return b""
        await self.passable.wait()
        return data
