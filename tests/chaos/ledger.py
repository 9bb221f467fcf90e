"""What the submitters know of each request: what was promised, and all that they were shown."""

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.chaos.plan import QUEUE_TIMEOUT, Wish

ENDS = frozenset({"COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"})
GRACE = 116 + 60 + 120
"""Seconds that an end may come later than the time-outs say: see "How late a sweep can be" in
docs/queue.md. The strict edge lets schedules fire 59 s late. A sweep that fails as well is repeated
after one minute, and again after two."""


@dataclass
class Entry:
    """One request from the submitter's side; times in seconds since 1970.

    Attributes:
        ids: request ids that submits with its key were answered with; more than one is a fault.
        began: when its first submit began.
        accepted_at: when the first 202 arrived.
        result: the first body that showed an end.
        faults: what should not be.
    """

    wish: Wish
    key: str
    began: float = 0.0
    accepted_at: float | None = None
    created_at: float = 0.0
    paths: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    result: dict[str, Any] | None = None
    shown_end: str | None = None
    polls: int = 0
    faults: list[str] = field(default_factory=list)
    refused: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def must_end_by(self) -> float:
        """When it must have ended at the latest."""
        return self.created_at + QUEUE_TIMEOUT + self.wish.space.timeout + GRACE

    @property
    def open(self) -> bool:
        """Whether it was accepted and no end was seen."""
        return self.accepted_at is not None and self.result is None

    def accepted(self, body: dict[str, Any]) -> None:
        """Note a 202."""
        with self._lock:
            self.ids.add(body["request_id"])
            if self.accepted_at is None:
                self.accepted_at = time.time()
                self.created_at = datetime.fromisoformat(body["created_at"]).timestamp()
                self.paths = {
                    name: body[f"{name}_url"] for name in ("status", "response", "cancel")
                }

    def shown(self, status: str) -> None:
        """Note a status that a poll showed."""
        with self._lock:
            if self.shown_end is not None and status != self.shown_end:
                self.faults.append(f"showed {status} after {self.shown_end}")
            if status in ENDS:
                self.shown_end = status

    def ended(self, body: dict[str, Any]) -> None:
        """Note a result; every later one must be the same."""
        self.shown(body["status"])
        with self._lock:
            if self.result is None:
                self.result = body
            elif self.result != body:
                self.faults.append(f"result changed: {self.result} became {body}")
