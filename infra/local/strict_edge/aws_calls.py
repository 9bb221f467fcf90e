"""Calls of functions to AWS: each may meet a fault; those that pass meet the service's rules."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final

from infra.local.strict_edge.faults import INSTEAD, Call, Faults, refusal
from infra.local.strict_edge.http_messages import Cut, Message

SLOW_SECONDS: Final = (0.1, 1.5)
OVER_THE_TIMEOUT: Final = 5.5
"""The gateway waits 5 s for AWS."""
STALE_SECONDS: Final = 1.0
"""Eventually consistent reads of DynamoDB lag by less than this."""

CarryOut = Callable[[Call], Awaitable[Message]]


class AwsCalls:
    """Carries calls out unless a fault comes in between.

    Args:
        faults: decides what goes wrong.
        carry_out: what the service does.
        random: for what a fault leaves open.
    """

    def __init__(self, faults: Faults, carry_out: CarryOut, random: Random) -> None:
        self._faults = faults
        self._carry_out = carry_out
        self._random = random
        self._seen: dict[bytes, tuple[float, Message]] = {}

    async def answer(self, call: Call) -> Message:
        """Return the response to a call.

        Raises:
            Cut: there is none.
        """
        kind = self._faults.of_call(call)
        if kind == "stale read":
            return self._older(call) or await self._pass_on(call)
        if kind in INSTEAD:
            return refusal(kind, call)
        if kind == "cut before the call":
            raise Cut
        if kind == "function killed before the call":
            self._faults.kill(call.caller)
            raise Cut
        return await self._spoil(kind, call, await self._pass_on(call))

    async def _spoil(self, kind: str | None, call: Call, response: Message) -> Message:
        """Let something go wrong with the response to a call that was carried out."""
        match kind:
            case "function killed after the call":
                self._faults.kill(call.caller)
                raise Cut
            case "answer lost":
                raise Cut
            case "410 though delivered":
                return refusal(kind, call)
            case "slow":
                await asyncio.sleep(self._random.uniform(*SLOW_SECONDS))
            case "answer after the time-out":
                await asyncio.sleep(OVER_THE_TIMEOUT)
        return response

    async def _pass_on(self, call: Call) -> Message:
        response = await self._carry_out(call)
        if call.reads_loosely:
            self._seen[call.message.body] = (time.monotonic(), response)
        return response

    def _older(self, call: Call) -> Message | None:
        seen_at, response = self._seen.get(call.message.body, (0.0, None))
        return response if time.monotonic() - seen_at < STALE_SECONDS else None
