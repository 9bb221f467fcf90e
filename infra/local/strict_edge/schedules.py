"""EventBridge Scheduler: refuses the past, and fires late."""

import json
import re
import time
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from urllib.parse import quote

from infra.local.strict_edge.emulator_calls import Emulator
from infra.local.strict_edge.faults import Call, error
from infra.local.strict_edge.http_messages import Message, plain_body
from infra.local.strict_edge.rules import Rules

_AT: Final = re.compile(r"at\((.+)\)")


class Schedules:
    """One-shot schedules.

    A schedule fires up to 59 s after its time ("Schedule types in EventBridge Scheduler"). Whether
    a time that has just passed is refused is unsettled (public threads say so, AWS's pages do not
    say); here it is.
    """

    def __init__(self, rules: Rules, emulator: Emulator, random: Random) -> None:
        self._rules = rules
        self._emulator = emulator
        self._random = random

    async def answer(self, call: Call) -> Message:
        """Return the response to a call."""
        asked = self._one_shot(call)
        if asked is None:
            return await self._emulator.call(call.message)
        content, at = asked
        if at <= time.time() + self._rules.clock_ahead_seconds:
            self._rules.met["schedule: refused, in the past"] += 1
            return error(400, "ValidationException", "The schedule's time is in the past.")
        response = await self._emulator.call(call.message)
        if response.status == 200:  # noqa: PLR2004 - HTTP
            self._rules.met["schedule: fires late"] += 1
            await self._fire_late(call.message.path, content, at)
        return response

    @staticmethod
    def _one_shot(call: Call) -> tuple[dict[str, Any], float] | None:
        """Return a new one-shot schedule and its time."""
        if call.operation != "POST" or not call.message.path.startswith("/schedules/"):
            return None
        content: dict[str, Any] = json.loads(plain_body(call.message))
        found = _AT.fullmatch(content["ScheduleExpression"])
        if found is None:
            return None
        return content, datetime.fromisoformat(found[1]).replace(tzinfo=UTC).timestamp()

    async def _fire_late(self, path: str, content: dict[str, Any], at: float) -> None:
        late = datetime.fromtimestamp(at + self._random.uniform(0, self._rules.late_seconds), UTC)
        moved = {**content, "ScheduleExpression": f"at({late:%Y-%m-%dT%H:%M:%S})"}
        await self._emulator.ask("scheduler", "PUT", quote(path), moved)
