"""The execution environments of a function: warm ones are reused, and their number is bounded."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from infra.local.stream_front.execution import Execution
from infra.local.stream_front.reply import Reply

MOST: Final = 20
"""How many invocations run at once."""
_WARM_SECONDS: Final = 1800
"""How long a process is reused. Then its credentials outlive one more invocation."""

StartExecution = Callable[[], Awaitable[Execution]]


class TooManyInvocations(Exception):
    """As many invocations run as may."""


class Executions:
    """The execution environments.

    Args:
        start: starts one.
        most: how many invocations may run at once.
    """

    def __init__(self, start: StartExecution, most: int = MOST) -> None:
        self._start = start
        self._most = most
        self._running = 0
        self._warm: list[Execution] = []

    async def invoke(self, event: dict[str, Any], reply: Reply) -> None:
        """Run an invocation.

        Raises:
            TooManyInvocations: too many run already.
        """
        if self._running >= self._most:
            raise TooManyInvocations
        self._running += 1
        try:
            execution = await self._take()
            await execution.invoke(event, reply)
            if execution.alive:
                self._warm.append(execution)
        finally:
            self._running -= 1

    async def _take(self) -> Execution:
        while self._warm:
            execution = self._warm.pop()
            if execution.alive and time.monotonic() - execution.started < _WARM_SECONDS:
                return execution
            await execution.end()
        return await self._start()
