"""The network of a run: the strict edge, and a proxy before it through which workers connect."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from infra.local.cloud import LocalCloud
from infra.local.lifecycle import bring_down, bring_up
from infra.local.strict_edge.edge import StrictEdge
from infra.local.strict_edge.rules import Rules
from infra.local.strict_edge.running import serving
from tests.chaos.chances import ChaosFaults
from tests.chaos.dice import Dice, Tally
from tests.chaos.socket_proxy import SocketProxy

IDLE_SECONDS: Final = 60
LIFE_SECONDS: Final = 90
"""Shorter than AWS's 10 minutes and 2 hours, so that both happen in a run."""


@dataclass(frozen=True)
class Network:
    """Proxies that serve; `do` is how other threads reach into their loop."""

    loop: asyncio.AbstractEventLoop
    dice: Dice
    tally: Tally
    faults: ChaosFaults
    rules: Rules
    sockets: SocketProxy
    socket_port: int

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something in the loop of the proxies."""
        asyncio.run_coroutine_threadsafe(work, self.loop)


@contextmanager
def cloud_behind_edge(
    cloud: LocalCloud, seed: int, report: Callable[[str], None], rules: Rules
) -> Iterator[Network]:
    """Start a local cloud behind an edge of this process, and stop it after the block."""
    dice, tally = Dice(f"network {seed}"), Tally()
    faults = ChaosFaults(dice, tally)
    started: list[asyncio.AbstractEventLoop] = []
    with ExitStack() as stack:

        def start(cloud: LocalCloud, emulator_port: int) -> None:
            edge = StrictEdge(emulator_port, rules, faults, f"edge {seed}")
            started.append(stack.enter_context(serving(edge, cloud.port)))

        stack.callback(bring_down, cloud)  # while its folder is there, which says what to end
        bring_up(cloud, report, start)
        (loop,) = started
        sockets = SocketProxy(cloud.port, tally)
        port = stack.enter_context(_listening(loop, sockets))
        yield Network(loop, dice, tally, faults, rules, sockets, port)


@contextmanager
def _listening(loop: asyncio.AbstractEventLoop, proxy: SocketProxy) -> Iterator[int]:
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = loop.create_task(proxy.serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    async def start() -> asyncio.Server:
        return await asyncio.start_server(accept, "127.0.0.1", 0)

    async def end() -> None:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    yield int(server.sockets[0].getsockname()[1])
    asyncio.run_coroutine_threadsafe(end(), loop).result(10)
