"""A gateway in simulated time, with its callers and workers."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from botocore.exceptions import ClientError

from benchmarks.scale import quotas
from benchmarks.scale.engine import Bucket, Engine
from benchmarks.scale.functions import Functions, Throttled
from benchmarks.scale.tables import Tables
from benchmarks.units import gateway_over
from spaces.domain.errors import SpaceError
from spaces.domain.space import Definition
from spaces.services.dispatch.sweep_space import sweep_space
from spaces.services.ports.gateway import ArmOutcome, Gateway, PostOutcome, Sender
from spaces.services.requests.submit_request import submit_request
from spaces.services.spaces.create_space import create_space
from spaces_protocol.gateway_messages import GatewayMessage
from spaces_protocol.rest_bodies import SubmittedInput

START: Final = 1_800_000_000_000
MOST_WAITING: Final = 10_000
LAMBDA_REPEATS: Final = (60.0, 120.0)
"""How long after a failure Lambda runs an asynchronous event again."""


@dataclass
class Fate:
    """What became of a request.

    Attributes:
        asked_at: When it was submitted, in seconds.
        accepted_at: When its caller knew that it was accepted.
        started_at: When its worker got it.
        ended_at: When its worker knew that its result was stored.
        refused: What its caller was told instead.
        acks: How often its result was acknowledged as stored.
    """

    asked_at: float
    accepted_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    refused: str | None = None
    acks: int = 0


@dataclass
class World:
    """Everything, in one account and region.

    Attributes:
        lines: What takes the messages to a connection.
        fates: What became of each request, by id; refused ones under a number.
        counted: Errors by name.
    """

    engine: Engine
    tables: Tables = field(init=False)
    functions: Functions = field(init=False)
    gateway: Gateway = field(init=False)
    lines: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Put the real adapters over simulated tables."""
        self.tables = Tables(self.engine)
        self.functions = Functions(self.engine)
        ends: Any = _Sockets(self)
        built = gateway_over(self.tables, ends)
        self.gateway = replace(
            built, now=self.milliseconds, random_text=self.random_text, timers=_Timers(self)
        )
        self._connects = Bucket(quotas.CONNECTIONS.value, quotas.CONNECTIONS.value)
        self._schedules = Bucket(quotas.SCHEDULES.value, quotas.SCHEDULES.value)

    def milliseconds(self) -> int:
        """Return the time."""
        return START + round(self.engine.now * 1000)

    def random_text(self) -> str:
        """Return 128 random bits in 22 characters."""
        return f"{self.engine.random.getrandbits(128):032x}"[:22]

    def pass_time(self, median: float) -> None:
        """Let the time of one step pass."""
        spread = self.engine.random.lognormvariate(0.0, quotas.SPREAD.value)
        self.engine.sleep(median * spread)

    def make_space(self, name: str, workers: int) -> None:
        """Create a space."""
        definition = Definition(
            space_id=name, title=name, created_at=START, max_workers=workers,
            max_queue_length=MOST_WAITING, requests_per_minute=1_000_000,
        )  # fmt: skip
        create_space(self.gateway, definition)

    def submit(self, space: str, number: int) -> None:
        """Submit a request once, and note what became of it."""
        fate = Fate(self.engine.now)
        self.pass_time(quotas.EDGE_SECONDS.value)
        try:
            accepted = self.functions.run(
                "api", lambda: submit_request(self.gateway, space, SubmittedInput(prompt="x"))
            )
        except Throttled:
            fate.refused = "429 of Lambda"
        except SpaceError as error:
            fate.refused = type(error).__name__
        except ClientError:
            fate.refused = "500"
        if fate.refused:
            self.fates[str(number)] = fate
            return
        self.pass_time(quotas.EDGE_SECONDS.value)
        fate.accepted_at = self.engine.now
        known = self.fates.setdefault(str(accepted.request.request_id), fate)
        if known is not fate:  # its worker was quicker than the answer
            known.asked_at, known.accepted_at = fate.asked_at, fate.accepted_at

    def call(self, route: str, use_case: Callable[..., None], sender: Sender, message: Any) -> bool:
        """Bring a worker's message to its function; tell whether that was handled."""
        self.pass_time(quotas.EDGE_SECONDS.value)
        try:
            self.functions.run(route, lambda: use_case(self.gateway, sender, message))
        except (Throttled, SpaceError, ClientError) as error:
            self.counted[f"{route}: {type(error).__name__}"] += 1
            return False
        return True

    def connect(self, sender: Sender) -> bool:
        """Open a connection; False if the rate is used up or a function fails."""
        if not self._connects.take(self.engine.now):
            self.counted["connect: over the rate"] += 1
            return False

        def opened(gateway: Gateway, sender: Sender, _message: None) -> None:
            gateway.connections.open(sender, now=gateway.now())

        return self.call("connect", opened, sender, None)

    def arm(self, space: str, at: int) -> bool:
        """Create a schedule; False if the rate is used up."""
        self.pass_time(quotas.SCHEDULE_SECONDS.value)
        if not self._schedules.take(self.engine.now):
            self.counted["schedules over the rate"] += 1
            return False
        late = self.engine.random.random() * 60
        self.engine.start(self._sweep, space, at, after=(at - self.milliseconds()) / 1000 + late)
        return True

    def _sweep(self, space: str, at: int) -> None:
        for pause in (0.0, *LAMBDA_REPEATS):
            self.engine.sleep(pause)
            try:
                self.functions.run("sweep", lambda: sweep_space(self.gateway, space, at))
            except (Throttled, SpaceError, ClientError) as error:
                self.counted[f"sweep: {type(error).__name__}"] += 1
            else:
                return


class _Sockets:
    """Brings messages to the lines of workers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def post(self, connection_id: str, message: GatewayMessage) -> PostOutcome:
        self._world.pass_time(quotas.POST_SECONDS.value)
        line = self._world.lines.get(connection_id)
        if line is None:
            return PostOutcome.GONE
        line(message)
        return PostOutcome.SENT

    def close(self, connection_id: str) -> bool:
        self._world.lines.pop(connection_id, None)
        return True

    def last_active(self, connection_id: str) -> int | None:
        return self._world.milliseconds() if connection_id in self._world.lines else None


class _Timers:
    """EventBridge Scheduler, up to a minute late, as documented."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._armed: set[tuple[str, int]] = set()

    def arm(self, space_id: str, at: int, ticket: int | None = None) -> ArmOutcome:
        second = -(-at // 1000) * 1000
        if (space_id, second) in self._armed:
            return ArmOutcome.ARMED
        if not self._world.arm(space_id, second):
            return ArmOutcome.UNAVAILABLE
        self._armed.add((space_id, second))
        return ArmOutcome.ARMED

    def start_sweep(
        self,
        space_id: str,
        at: int,
        began: int | None = None,
        ticket: int | None = None,
    ) -> bool:
        self._world.engine.start(self._world._sweep, space_id, at)  # noqa: SLF001 - one module
        return True
