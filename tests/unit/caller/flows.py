"""Runs flows of the core without a network: the test says what is answered, and when."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from spaces_client._core.api import Api
from spaces_client._core.effects import Answer, Call, Emit, Lost, Open, Pause, Read, Together

ID = "echo.1.AAAAAAAAAAAAAAAAAAAAAA"
TIMES = {"created_at": "2026-11-22T10:00:00Z"}


@dataclass
class Scene:
    """A gateway that answers by a script, and a clock that only pauses move.

    Attributes:
        replies: What is answered to calls, in their order; the last is repeated.
        pieces: What is read of each answer that was opened, ended by ``b""`` or `Lost`.
        calls: What was called.
        pauses: The pauses in seconds.
    """

    replies: list[Answer | Lost]
    pieces: list[list[bytes | Lost]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    now: float = 0.0
    opened: list[bytes | Lost] = field(default_factory=list)
    at_once: list[int] = field(default_factory=list)

    @property
    def api(self) -> Api:
        return Api(
            address="https://gateway.example.org",
            key="wsk_x",
            clock=lambda: self.now,
            chance=lambda: 1.0,
            new_key=lambda: "new-key",
        )

    def run(self, flow_of: Callable, *args, **options):
        """Run a flow; return its value, or what it emitted."""
        flow, emitted, reply = flow_of(self.api, *args, **options), [], None
        while True:
            try:
                effect = flow.send(reply)
            except StopIteration as end:
                return emitted or end.value
            reply = None
            if isinstance(effect, Emit):
                emitted.append(effect.item)
            else:
                reply = self._perform(effect)

    def _perform(self, effect):
        if isinstance(effect, Together):
            self.at_once.append(effect.at_once)
            return [self._perform(call) for call in effect.calls]
        if isinstance(effect, Pause):
            self.pauses.append(effect.seconds)
            self.now += effect.seconds
            return None
        if isinstance(effect, Read):
            return self.opened.pop(0)
        call = effect.call if isinstance(effect, Open) else effect
        self.calls.append(call)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(effect, Open) and isinstance(reply, Answer) and reply.status in (200, 206):
            self.opened = self.pieces.pop(0) if self.pieces else []
        return reply


def answer(code=200, headers=None, /, **body) -> Answer:
    return Answer(status=code, headers=headers or {}, content=json.dumps(body).encode())


def refusal(status, error_type, retry_after=None) -> Answer:
    headers = {"retry-after": str(retry_after)} if retry_after is not None else {}
    return answer(status, headers, detail="No.", error_type=error_type)


def status_of(state="IN_PROGRESS", **fields) -> dict:
    return {"request_id": ID, "space": "echo", "status": state, "times": TIMES, **fields}


def state(state="IN_PROGRESS", **fields) -> Answer:
    return answer(
        202 if state in ("IN_QUEUE", "IN_PROGRESS") else 200, **status_of(state, **fields)
    )


def ended(text="done") -> Answer:
    return state("COMPLETED", output={"text": text})
