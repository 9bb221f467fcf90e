"""Runs the edge: in a thread of this process, or as a process of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from infra.local.cloud import LocalCloud
from infra.local.emulator import is_healthy, start_helper
from infra.local.status import ProcessMark
from infra.local.strict_edge.edge import StrictEdge
from infra.local.strict_edge.emulator_calls import STREAM_BYTES

_SECONDS: Final = 10


async def listen(edge: StrictEdge, port: int) -> asyncio.Server:
    """Serve an edge on a port of the loopback interface."""
    return await asyncio.start_server(edge.accept, "127.0.0.1", port, limit=STREAM_BYTES)


@contextmanager
def serving(edge: StrictEdge, port: int) -> Iterator[asyncio.AbstractEventLoop]:
    """Serve an edge in a thread until the end of the block; yield its loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="strict edge", daemon=True)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(listen(edge, port), loop).result(_SECONDS)
        yield loop
        loop.call_soon_threadsafe(server.close)
    finally:
        asyncio.run_coroutine_threadsafe(edge.close(), loop).result(_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def start_edge(cloud: LocalCloud, emulator_port: int) -> ProcessMark:
    """Start the edge of a local cloud as a process, and wait until it responds.

    Raises:
        LocalCloudError: it does not start.
    """
    return start_helper(
        ["-m", "infra.local.strict_edge", str(cloud.port), str(emulator_port)],
        cloud.folder / "edge.log",
        lambda: is_healthy(cloud),
        name="The strict edge",
        seconds=_SECONDS,
    )
