"""Results whose ``ack`` is outstanding: sent again until it arrives; in memory for now."""

import logging
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import msgspec

from spaces_protocol.worker_messages import InFlight, Result

REPEAT_SECONDS: Final = 10.0
REPEAT_CAP_SECONDS: Final = 120.0
MAX_RESULTS: Final = 100
"""More unacknowledged results than this are not kept; the oldest goes first."""
MAX_REMEMBERED: Final = 32
"""Acknowledged results that are kept in case that a late copy of their request arrives."""

_logger: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _Unacknowledged:
    result: Result
    due: float
    wait: float = REPEAT_SECONDS


class Outbox:
    """Keeps each result until the gateway has it."""

    def __init__(self) -> None:
        self._outstanding: OrderedDict[str, _Unacknowledged] = OrderedDict()
        self._acknowledged: OrderedDict[str, Result] = OrderedDict()

    def __len__(self) -> int:
        """Return how many results are not acknowledged."""
        return len(self._outstanding)

    def put(self, result: Result, now: float) -> None:
        """Take a result; it is due at once."""
        self._acknowledged.pop(result.request_id, None)
        self._outstanding[result.request_id] = _Unacknowledged(result, now)
        if len(self._outstanding) > MAX_RESULTS:
            lost, _ = self._outstanding.popitem(last=False)
            _logger.error("Too many unacknowledged answers: the one to %s is dropped.", lost)

    def get(self, request_id: str) -> Result | None:
        """Return the unacknowledged result of that request."""
        kept = self._outstanding.get(request_id)
        return None if kept is None else kept.result

    def answer_again(self, request_id: str, attempt: int, now: float) -> bool:
        """Send the known answer of a request that was handed over once more.

        Returns:
            Whether there is one.
        """
        known = self.get(request_id) or self._acknowledged.get(request_id)
        if known is None:
            return False
        self.put(msgspec.structs.replace(known, attempt=max(attempt, known.attempt)), now)
        return True

    def acknowledge(self, request_id: str) -> bool:
        """Stop repeating a result; returns whether it was outstanding."""
        kept = self._outstanding.pop(request_id, None)
        if kept is None:
            return False
        self._acknowledged[request_id] = kept.result
        if len(self._acknowledged) > MAX_REMEMBERED:
            self._acknowledged.popitem(last=False)
        return True

    def drop(self, request_id: str) -> None:
        """Forget a result that the gateway does not want."""
        self._outstanding.pop(request_id, None)

    def take_due(self, now: float) -> list[Result]:
        """Return the results to send now, and plan when to repeat each."""
        due = [kept for kept in self._outstanding.values() if kept.due <= now]
        for kept in due:
            kept.due = now + kept.wait
            kept.wait = min(REPEAT_CAP_SECONDS, kept.wait * 2)
        return [kept.result for kept in due]

    def restart(self, due: float) -> None:
        """Make all results due at that time: the link is a new one."""
        for kept in self._outstanding.values():
            kept.due = due
            kept.wait = REPEAT_SECONDS

    def next_due(self) -> float:
        """Return when the next repetition is due; infinity if none is."""
        return min((kept.due for kept in self._outstanding.values()), default=math.inf)

    def in_flight(self) -> list[InFlight]:
        """Return what is outstanding, as ``register`` lists it."""
        results = [kept.result for kept in self._outstanding.values()]
        return [InFlight(request_id=each.request_id, attempt=each.attempt) for each in results]
