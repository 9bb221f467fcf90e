"""The network of a run: both proxies, in a thread with an event loop of its own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.chaos.aws_proxy import AwsProxy, KillCaller
from tests.chaos.dice import Dice, Tally
from tests.chaos.socket_proxy import SocketProxy


@dataclass(frozen=True)
class Network:
    """Proxies that serve; `do` is how other threads reach into their loop."""

    loop: asyncio.AbstractEventLoop
    dice: Dice
    aws: AwsProxy
    sockets: SocketProxy
    aws_port: int
    socket_port: int

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something in the loop of the proxies."""
        asyncio.run_coroutine_threadsafe(work, self.loop)


@contextmanager
def network(
    emulator_port: int, seed: int, tally: Tally, kill_caller: KillCaller
) -> Iterator[Network]:
    """Serve both proxies until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="network", daemon=True)
    thread.start()
    dice = Dice(f"network {seed}")
    aws = AwsProxy(emulator_port, dice, tally, kill_caller)
    sockets = SocketProxy(emulator_port, dice, tally)
    aws_port = _listen(loop, aws)
    socket_port = _listen(loop, sockets)
    try:
        yield Network(loop, dice, aws, sockets, aws_port, socket_port)
    finally:
        asyncio.run_coroutine_threadsafe(_end_all(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _listen(loop: asyncio.AbstractEventLoop, proxy: AwsProxy | SocketProxy) -> int:
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = loop.create_task(proxy.serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    async def start() -> int:
        server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=1 << 22)
        return int(server.sockets[0].getsockname()[1])

    return asyncio.run_coroutine_threadsafe(start(), loop).result(10)


async def _end_all() -> None:
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
