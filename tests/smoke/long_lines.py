"""Lines that take hours: the idle time and the life of a connection, and its renewal."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from typing import Final

import httpx
from websockets.exceptions import ConnectionClosed

from tests.smoke.findings import Finding, found
from tests.smoke.main_flow import connected_worker, output_of, result_of, submit, view_of
from tests.smoke.socket_lines import bare_connection
from tests.smoke.target import SmokeError, Target

MINUTE: Final = 60.0
IDLE_MINUTES: Final = 10
LIFE_MINUTES: Final = 120
PING_MINUTES: Final = 3
SPARE_MINUTES: Final = 5
ASK_EVERY_MINUTES: Final = 5


async def ask(target: Target, minute: float = MINUTE) -> AsyncIterator[Finding]:
    """Yield the lines; they are waited for side by side.

    Args:
        target: the gateway.
        minute: the seconds of a minute, less in tests.
    """
    waiting = [
        _idle(target, minute, pings=False),
        _idle(target, minute, pings=True),
        _life(target, minute),
        _renewal(target, minute),
    ]
    for next_one in asyncio.as_completed(waiting):
        yield await next_one


async def _idle(target: Target, minute: float, *, pings: bool) -> Finding:
    end = (IDLE_MINUTES + SPARE_MINUTES) * minute
    lasted, code = await _until_closed(target, minute, end, pings=pings)
    if pings:
        return found(
            "connection with nothing but ping messages",
            f"open after {IDLE_MINUTES} min",
            f"open after {lasted:.0f} min" if code is None else f"closed with {code}",
            as_expected=code is None,
        )
    return found(
        "connection that sends nothing",
        f"closed after {IDLE_MINUTES} min (1001)",
        f"closed after {lasted:.1f} min with {code}" if code else f"open after {lasted:.0f} min",
        as_expected=code is not None and abs(lasted - IDLE_MINUTES) < SPARE_MINUTES,
    )


async def _life(target: Target, minute: float) -> Finding:
    end = (LIFE_MINUTES + SPARE_MINUTES) * minute
    lasted, code = await _until_closed(target, minute, end, pings=True)
    return found(
        "life of a connection; a redeployment meanwhile (make deploy) shows whether it cuts",
        f"closed after {LIFE_MINUTES} min",
        f"closed after {lasted:.1f} min with {code}" if code else f"open after {lasted:.0f} min",
        as_expected=code is not None and abs(lasted - LIFE_MINUTES) < SPARE_MINUTES,
    )


async def _until_closed(
    target: Target, minute: float, end: float, *, pings: bool
) -> tuple[float, int | None]:
    """Return how many minutes a connection lasted, and the code it was closed with, if it was."""
    began = monotonic()
    async with bare_connection(target) as socket:
        while (left := began + end - monotonic()) > 0:
            try:
                async with asyncio.timeout(min(left, PING_MINUTES * minute)):
                    await socket.recv()
            except TimeoutError:
                if pings:
                    await socket.send('{"action": "ping"}')
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 1006
                return (monotonic() - began) / minute, code
    return end / minute, None


async def _renewal(target: Target, minute: float) -> Finding:
    """Ask a worker now and then while it replaces its connection."""
    ends = monotonic() + (LIFE_MINUTES + SPARE_MINUTES) * minute
    asked = answered = away = 0
    async with target.api() as api, connected_worker(target, "smoke-long"):
        while monotonic() < ends:
            asked += 1
            try:
                away += not (await view_of(api, target)).get("connected")
                word = f"still there {asked}"
                result = await result_of(api, await submit(api, target, {"prompt": word}))
                answered += output_of(result).get("text") == f"answer to {word}"
            except (SmokeError, httpx.HTTPError):
                pass
            await asyncio.sleep(ASK_EVERY_MINUTES * minute)
    return found(
        "worker client over two hours, with a renewal of its connection",
        "every request is answered",
        f"{answered} of {asked} answered; {away} times shown as offline",
        as_expected=answered == asked and not away,
    )
