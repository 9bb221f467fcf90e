"""A worker in simulated time: connects, registers, runs requests, repeats what is not answered."""

from typing import Any, Final

from benchmarks.scale.engine import Engine
from benchmarks.scale.world import Fate, World
from spaces.services.ports.gateway import Sender
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.gateway_messages import Ack, Check, Registered, Request
from spaces_protocol.worker_messages import InFlight, Register, Result
from spaces_worker._connection.backoff import Backoff, LinkEnd
from spaces_worker._session.outbox import REPEAT_CAP_SECONDS, REPEAT_SECONDS
from spaces_worker._session.registration import REPEAT_CAP_SECONDS as REGISTER_CAP
from spaces_worker._session.registration import REPEAT_SECONDS as REGISTER_SECONDS

HANDSHAKE_SECONDS: Final = 0.05


class Worker:
    """A worker of one space.

    Args:
        world: Where it lives.
        name: Its id.
        space: What it serves.
        capacity: How many requests it runs at the same time.
        seconds: How long each takes.

    Attributes:
        registered_at: When it first had its place, in seconds; None if it never had.
    """

    def __init__(
        self, world: World, name: str, space: str, *, capacity: int, seconds: float
    ) -> None:
        self._world, self._name, self._space = world, name, space
        self._capacity, self._seconds = capacity, seconds
        self._held: dict[str, int] = {}
        self._connections = 0
        self._sender: Sender | None = None
        self._registered = False
        self.registered_at: float | None = None

    @property
    def _engine(self) -> Engine:
        return self._world.engine

    def live(self, lived_seconds: float | None = None) -> None:
        """Connect with the real client's pauses, and register until that is answered.

        Args:
            lived_seconds: How long an earlier connection was open that has just ended.
        """
        delay = Backoff(self._engine.random.random)
        if lived_seconds is not None:
            self._engine.sleep(delay(LinkEnd(reason="ended", lived_seconds=lived_seconds)))
        while True:
            self._engine.sleep(HANDSHAKE_SECONDS)
            self._connections += 1
            sender = Sender(
                f"{self._name}-{self._connections}", self._world.milliseconds(), self._name,
                "token", frozenset([self._space]),
            )  # fmt: skip
            self._world.lines[sender.connection_id] = self._take
            if self._world.connect(sender):
                self._sender = sender
                break
            del self._world.lines[sender.connection_id]
            self._engine.sleep(delay(LinkEnd(reason="refused", status=429)))
        self._register()

    def _register(self) -> None:
        self._registered, wait = False, REGISTER_SECONDS
        while not self._registered:
            assert self._sender is not None
            held = [InFlight(request_id=key, attempt=each) for key, each in self._held.items()]
            register = Register(
                spaces=[self._space], session="session", capacity=self._capacity, in_flight=held
            )
            self._engine.start(
                self._world.call, "register", register_worker, self._sender, register
            )
            self._engine.sleep(wait)
            wait = min(REGISTER_CAP, wait * 2)

    def _take(self, message: Any) -> None:
        if isinstance(message, Registered):
            self._registered = True
            if self.registered_at is None:
                self.registered_at = self._engine.now
        elif isinstance(message, Check):
            self._engine.start(self._register)
        elif isinstance(message, Request):
            self._begin(message)
        elif isinstance(message, Ack):
            self._world.fates[message.request_id].acks += message.status == "stored"
            if self._held.pop(message.request_id, None) is not None:
                self._world.fates[message.request_id].ended_at = self._engine.now
            if message.next is not None:
                self._begin(message.next)

    def _begin(self, request: Request) -> None:
        if request.request_id in self._held:
            return
        fate = self._world.fates.setdefault(request.request_id, Fate(self._engine.now))
        fate.started_at = fate.started_at or self._engine.now
        self._held[request.request_id] = request.attempt
        self._engine.start(self._run, request, after=self._seconds)

    def _run(self, request: Request) -> None:
        result = Result(request_id=request.request_id, attempt=request.attempt, status="completed")
        wait = REPEAT_SECONDS
        while request.request_id in self._held:
            assert self._sender is not None
            self._engine.start(self._world.call, "result", commit_result, self._sender, result)
            self._engine.sleep(wait)
            wait = min(REPEAT_CAP_SECONDS, wait * 2)
