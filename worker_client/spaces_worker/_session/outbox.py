"""Unacknowledged results: saved to disk, then sent repeatedly until their ``ack`` arrives."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import msgspec

from spaces_protocol.codec import encode
from spaces_protocol.limits import MAX_CAPACITY, MAX_MESSAGE_BYTES
from spaces_protocol.worker_messages import InFlight
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._log import RequestLog, wing_logger
from spaces_worker._session.effects import DeleteResult, DiskEffect, SaveResult

REPEAT_SECONDS: Final = 10.0
REPEAT_CAP_SECONDS: Final = 120.0
MAX_RESULTS: Final = 100
"""Maximum number of unacknowledged results; beyond it, the oldest is dropped."""
MAX_BYTES: Final = MAX_CAPACITY * MAX_MESSAGE_BYTES
"""Maximum size of them together: room for one largest result per request that can run at once."""
MAX_AGE_SECONDS: Final = 7 * 24 * 3600.0
"""The gateway keeps requests no longer than this, so an older result is useless."""
MAX_REMEMBERED: Final = 32
"""Acknowledged results that are kept in case a late copy of their request arrives."""

_logger: Final = wing_logger(__name__)


@dataclass(slots=True)
class _Unacknowledged:
    result: ResultMessage
    since: float
    size: int
    due: float = math.inf
    wait: float = REPEAT_SECONDS
    on_disk: bool = False


class Outbox:
    """Keeps each result until the gateway acknowledges it."""

    def __init__(self) -> None:
        self._outstanding: OrderedDict[str, _Unacknowledged] = OrderedDict()
        self._acknowledged: OrderedDict[str, ResultMessage] = OrderedDict()
        self._disk_effects: list[DiskEffect] = []

    def __len__(self) -> int:
        """Return the number of unacknowledged results."""
        return len(self._outstanding)

    def put(self, result: ResultMessage, now: float) -> None:
        """Add a result; it is due once `saved` has been called for it."""
        self._acknowledged.pop(result.request_id, None)
        self._outstanding[result.request_id] = _unacknowledged(result, now)
        self._outstanding.move_to_end(result.request_id)
        self._disk_effects.append(SaveResult(result))
        self._give_up_oldest()

    def saved(self, result: ResultMessage, now: float) -> None:
        """Make a result due: it is on disk, or saving it failed."""
        entry = self._outstanding.get(result.request_id)
        if entry is not None and entry.result is result:
            entry.on_disk, entry.due = True, now

    def restore(self, result: ResultMessage, age: float, now: float) -> None:
        """Add a result that an earlier process left on disk; add older ones first.

        It becomes due with the next `restart`.
        """
        entry = _unacknowledged(result, now - max(0.0, age))
        entry.on_disk = True
        self._outstanding[result.request_id] = entry
        self._give_up_aged(now)
        self._give_up_oldest()

    def get(self, request_id: str) -> ResultMessage | None:
        """Return the unacknowledged result of a request."""
        saved = self._outstanding.get(request_id)
        return None if saved is None else saved.result

    def answer_again(self, request_id: str, attempt: int, now: float) -> bool:
        """Send the known result of a request that was dispatched again.

        Returns:
            Whether there is one.
        """
        known = self.get(request_id) or self._acknowledged.get(request_id)
        if known is None:
            return False
        self.put(msgspec.structs.replace(known, attempt=max(attempt, known.attempt)), now)
        return True

    def acknowledge(self, request_id: str) -> bool:
        """Stop repeating a result; return whether it was unacknowledged."""
        result = self.get(request_id)
        if result is None:
            return False
        self.drop(request_id)
        self._acknowledged[request_id] = result
        if len(self._acknowledged) > MAX_REMEMBERED:
            self._acknowledged.popitem(last=False)
        return True

    def drop(self, request_id: str) -> None:
        """Drop a result that the gateway does not want."""
        if self._outstanding.pop(request_id, None) is not None:
            self._disk_effects.append(DeleteResult(request_id))

    def take_due(self, now: float) -> list[ResultMessage]:
        """Return the results to send now, and schedule their repetition."""
        self._give_up_aged(now)
        due = [saved for saved in self._outstanding.values() if saved.due <= now]
        for saved in due:
            saved.due = now + saved.wait
            saved.wait = min(REPEAT_CAP_SECONDS, saved.wait * 2)
        return [saved.result for saved in due]

    def take_disk_effects(self) -> list[DiskEffect]:
        """Return the pending disk effects, in order."""
        taken, self._disk_effects = self._disk_effects, []
        return taken

    def restart(self, due: float) -> None:
        """Make all saved results due at a given time, because the connection is new."""
        for saved in self._outstanding.values():
            if saved.on_disk:
                saved.due = due
                saved.wait = REPEAT_SECONDS

    def hasten(self, due: float) -> None:
        """Make the saved results due at a given time at the latest: one may not have arrived."""
        for saved in self._outstanding.values():
            if saved.on_disk:
                saved.due = min(saved.due, due)

    def next_due(self) -> float:
        """Return when the next result is due; infinity if none is."""
        return min((saved.due for saved in self._outstanding.values()), default=math.inf)

    def in_flight(self) -> list[InFlight]:
        """Return the unacknowledged results, as listed in ``register``."""
        results = [saved.result for saved in self._outstanding.values()]
        return [InFlight(request_id=each.request_id, attempt=each.attempt) for each in results]

    def _give_up_oldest(self) -> None:
        size = sum(saved.size for saved in self._outstanding.values())
        while len(self._outstanding) > MAX_RESULTS or size > MAX_BYTES:
            oldest = next(iter(self._outstanding))
            size -= self._outstanding[oldest].size
            self.drop(oldest)
            RequestLog(_logger, oldest).error(
                "the result is dropped, because there are too many unacknowledged results."
            )

    def _give_up_aged(self, now: float) -> None:
        limit = now - MAX_AGE_SECONDS
        aged = [name for name, saved in self._outstanding.items() if saved.since < limit]
        for name in aged:
            self.drop(name)
            RequestLog(_logger, name).warning(
                "the result is dropped, because it is too old: its request has expired."
            )


def _unacknowledged(result: ResultMessage, since: float) -> _Unacknowledged:
    return _Unacknowledged(result, since, size=len(encode(result).encode()))
