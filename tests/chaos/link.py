"""A worker's connection through the proxy: two halves, which may stop carrying."""

import asyncio

from tests.chaos.frames import Frame

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

    def halves(self) -> tuple[asyncio.StreamWriter, asyncio.StreamWriter]:
        """Return what writes to the worker, and what writes to the gateway."""
        return self.worker[1], self.gateway[1]

    def cut(self) -> None:
        """End it on both sides at once."""
        for half in self.halves():
            half.transport.abort()


async def read(link: Link, reader: asyncio.StreamReader) -> bytes:
    """Return what came, once the link lets it through; nothing at its end."""
    try:
        data = await reader.read(65536)
    except ConnectionError:
        return b""
    await link.passable.wait()
    return data


def write(half: asyncio.StreamWriter, frame: Frame) -> None:
    """Send a frame unless that half has closed."""
    if not half.is_closing():
        half.write(frame.raw)
