"""A worker in a thread: takes what is dispatched to it and does what the test's script says."""

import threading
import time
from dataclasses import dataclass, field

import msgspec

from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.worker_messages import Progress, Register, Result
from tests.functional.gateway.world import START, Clock

ALL = [
    "chat.completions",
    "completions",
    "embeddings",
    "audio.transcriptions",
    "images.generations",
]


@dataclass
class PlayingWorker:
    """Answers requests until the test ends.

    The script gets each request and yields texts, lists of objects, and as its last a dict with
    the fields of the result.
    """

    world: object
    script: object
    space: str = "echo"
    endpoints: tuple = ()
    schema: dict | None = None
    taken: list = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self):
        self.sender = self.world.connect("w1", self.space)
        message = Register(
            spaces=[self.space],
            session="s",
            endpoints={self.space: list(self.endpoints)} if self.endpoints else {},
            params_schemas={self.space: self.schema} if self.schema else {},
        )
        register_worker(self.world.gateway, self.sender, message)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self):
        self.stopped.set()
        self.thread.join(10)

    def _run(self):
        while not self.stopped.is_set():
            handed = self.world.handed(self.sender)
            for request in handed[len(self.taken) :]:
                self.taken.append(request)
                self._answer(request)
            time.sleep(0.01)

    def _answer(self, request):
        for index, step in enumerate(self.script(request)):
            if isinstance(step, dict):
                self._end(request, step)
                return
            deltas, text = (step, "") if isinstance(step, list) else ([], step)
            chunk = {"index": index, "text": text, "deltas": deltas}
            self._send({"action": "progress", "chunk": chunk}, request, Progress, record_progress)

    def _end(self, request, fields):
        result = {"action": "result", "status": "completed", **fields}
        self._send(result, request, Result, commit_result)

    def _send(self, fields, request, kind, use_case):
        named = {"request_id": request.request_id, "attempt": request.attempt}
        use_case(self.world.gateway, self.sender, msgspec.convert({**named, **fields}, kind))


class RunningClock(Clock):
    """A clock that runs by itself."""

    @property
    def time(self):
        return START + round(time.monotonic() * 1000)

    @time.setter
    def time(self, _):
        pass


def in_real_time(world):
    """Let the clock of a world run."""
    world.clock.__class__ = RunningClock
