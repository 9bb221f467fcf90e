"""What each way to wait for a result costs, counted on the real services with simulated time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple

from benchmarks.capacity import Capacity
from benchmarks.units import Line, gateway_over, tables_of
from infra.costs.prices import MILLION
from infra.costs.usage import Usage, use
from spaces.domain.access.caller import Anonymous
from spaces.domain.mcp.tasks import modern
from spaces.domain.space import Definition
from spaces.handlers.mcp.call_tool import AT_ONCE, EVERY
from spaces.services.mcp.follow_tool import follow_tool, status_now
from spaces.services.mcp.tasks import view_task
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.requests.submit_request import Accepted, submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result, view_accepted
from spaces.services.requests.wait_for_request import wait_for_request
from spaces.services.requests.watch_request import Ended, watch_request
from spaces.services.spaces.create_space import create_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.limits import HOLD_SECONDS
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.worker_messages import Progress, Register, Result

DURATIONS: Final = {"1 s": 1.0, "10 s": 10.0, "4 min": 240.0}
POLL_SECONDS: Final = 0.02
"""How long the function runs for one poll."""
WHOLE_GB: Final = 0.5
STREAM_GB: Final = 0.25
_LONGEST_RUN: Final = 600_000
_SIGN_OF_LIFE: Final = 5.0


class Waiting(NamedTuple):
    """What waiting for one request costs.

    Attributes:
        way: How its caller waits.
        duration: How long the request takes.
        late: Milliseconds from its end until its caller knows.
        gb_seconds: Time of Lambda, by memory.
        by_api: Whether the calls go through the HTTP API.
    """

    way: str
    duration: str
    calls: int
    units: float
    gb_seconds: float
    late: int
    by_api: bool = True

    @property
    def usage(self) -> Usage:
        """What is charged for it.

        The Function URL of streams bills nothing for a call beyond its run.
        """
        used = use(run=self.calls, gb_second=self.gb_seconds, read_unit=self.units)
        return used + use(http_call=self.calls if self.by_api else 0)

    @property
    def usd(self) -> Decimal:
        """USD per million requests."""
        return self.usage.total() * MILLION

    def row(self) -> str:
        """Return the row of the table."""
        money = f"{self.usd:.1f}" if self.usd < 10 else f"{self.usd:,.0f}"  # noqa: PLR2004
        return (
            f"| {self.duration} | {self.way} | {self.calls} | {self.units:g} "
            f"| {self.gb_seconds / (WHOLE_GB if self.by_api else STREAM_GB):,.2f} s "
            f"| {money} | {self.late} ms |"
        )


HEAD: Final = (
    "| a request of | way to wait | calls | read units | Lambda | USD per million | known after |\n"
    "|---|---|---|---|---|---|---|\n"
)


def table(found: list[Waiting]) -> str:
    """Return the costs as a table."""
    return HEAD + "\n".join(each.row() for each in found) + "\n"


@dataclass
class Clock:
    """Time that only sleeping moves."""

    now: float

    def milliseconds(self) -> int:
        """Return the time in milliseconds."""
        return round(self.now)


@dataclass
class Scene:
    """One request that runs, and the worker that ends it when its time has come."""

    gateway: Gateway
    clock: Clock
    capacity: Capacity
    worker: Sender
    accepted: Accepted
    ends_at: float
    spoke_at: float
    ended: bool = False

    def sleep(self, seconds: float) -> None:
        """Let time pass; what the worker does meanwhile is not counted."""
        until = self.clock.now + seconds * 1000
        while (moment := min(self.spoke_at + _SIGN_OF_LIFE * 1000, self.ends_at)) <= until:
            if self.ended:
                break
            self.clock.now = moment
            self._speak()
        self.clock.now = until

    def _speak(self) -> None:
        units, self.spoke_at = self.capacity.read, self.clock.now
        if self.clock.now < self.ends_at:
            message = Progress(request_id=self.name, attempt=1)
            record_progress(self.gateway, self.worker, message)
        else:
            result = Result(request_id=self.name, attempt=1, status="completed")
            commit_result(self.gateway, self.worker, result)
            self.ended = True
        self.capacity.read = units

    @property
    def name(self) -> str:
        """The id of the request."""
        return str(self.accepted.request.request_id)


def measure_waiting(client: Any) -> list[Waiting]:
    """Return the costs, over empty tables that are deleted afterwards."""
    capacity = Capacity()
    capacity.watch(client)
    with tables_of(client):
        return [
            way(next(scenes), name)
            for name, seconds in DURATIONS.items()
            for scenes in [_scenes(client, capacity, seconds)]
            for way in (_polls, _waits, _streams, _tool_streams, _tool_tasks)
        ]


def _scenes(client: Any, capacity: Capacity, seconds: float) -> Iterator[Scene]:
    """Yield requests of a space whose pace is known, each accepted and dispatched at once."""
    line = Line()
    fixed = gateway_over(client, line)
    clock = Clock(fixed.now() // 1000 * 1000)  # else how half milliseconds are rounded varies
    gateway = replace(fixed, now=clock.milliseconds)
    space = f"waiting-{seconds:.0f}"
    create_space(
        gateway,
        Definition(space_id=space, title=space, created_at=0, timeout=_LONGEST_RUN),
    )
    worker = Sender("c1", clock.milliseconds(), "w1", "t1", frozenset([space]))
    register_worker(gateway, worker, Register(spaces=[space], session="s"))
    known = False
    while True:
        accepted = submit_request(gateway, space, SubmittedInput(prompt="x"))
        ends_at = clock.now + seconds * 1000
        scene = Scene(gateway, clock, capacity, worker, accepted, ends_at, clock.now)
        if known:
            capacity.reset()
            yield scene
        scene.sleep(seconds + 1)
        known = True


def _polls(scene: Scene, duration: str) -> Waiting:
    request_id, calls = scene.accepted.request.request_id, 1
    pause: int | None = view_accepted(scene.accepted, scene.gateway.now()).retry_after_ms
    while pause is not None:
        scene.sleep(pause / 1000)
        calls += 1
        pause = request_status(scene.gateway, request_id).retry_after_ms
    request_result(scene.gateway, request_id)
    return _found(scene, "poll as told", duration, calls, calls * POLL_SECONDS * WHOLE_GB)


def _waits(scene: Scene, duration: str) -> Waiting:
    request_id, calls, began = scene.accepted.request.request_id, 0, scene.clock.now
    wait: Callable[[], Any] = partial(
        wait_for_request, scene.gateway, request_id, HOLD_SECONDS, sleep=scene.sleep
    )
    while True:
        calls += 1
        if wait().retry_after_ms is None:
            break
    seconds = (scene.clock.now - began) / 1000
    return _found(scene, "`Prefer: wait`", duration, calls, seconds * WHOLE_GB)


def _streams(scene: Scene, duration: str) -> Waiting:
    request_id, began = scene.accepted.request.request_id, scene.clock.now
    until = scene.clock.milliseconds() + 900_000
    for event in watch_request(scene.gateway, request_id, None, sleep=scene.sleep, until=until):
        assert not isinstance(event, Ended) or scene.ended
    seconds = (scene.clock.now - began) / 1000
    found = _found(scene, "stream", duration, 1, seconds * STREAM_GB)
    return found._replace(by_api=False)


def _tool_streams(scene: Scene, duration: str) -> Waiting:
    """Call a tool of MCP, by a client without tasks."""
    request_id, began = scene.accepted.request.request_id, scene.clock.now
    until = scene.clock.milliseconds() + 900_000
    result = wait_for_request(scene.gateway, request_id, AT_ONCE, sleep=scene.sleep)
    if result.retry_after_ms is not None:
        for _ in follow_tool(
            scene.gateway, request_id, every=EVERY, sleep=scene.sleep, until=until
        ):
            pass
    seconds = (scene.clock.now - began) / 1000
    found = _found(scene, "MCP: one call", duration, 1, seconds * STREAM_GB)
    return found._replace(by_api=False)


def _tool_tasks(scene: Scene, duration: str) -> Waiting:
    """Call a tool of MCP, by a client that takes a task and polls it as told."""
    request_id, began, calls = scene.accepted.request.request_id, scene.clock.now, 1
    wait_for_request(scene.gateway, request_id, AT_ONCE, sleep=scene.sleep)
    seconds = (scene.clock.now - began) / 1000
    task = modern(status_now(scene.gateway, request_id))
    while pause := task.get("pollIntervalMs"):
        scene.sleep(pause / 1000)
        calls, seconds = calls + 1, seconds + POLL_SECONDS
        task = modern(view_task(scene.gateway, str(request_id), Anonymous("")))
    request_result(scene.gateway, request_id)
    found = _found(scene, "MCP: a task", duration, calls, seconds * STREAM_GB)
    return found._replace(by_api=False)


def _found(scene: Scene, way: str, duration: str, calls: int, gb_seconds: float) -> Waiting:
    assert scene.ended
    late = round(scene.clock.now - scene.ends_at)
    return Waiting(way, duration, calls, scene.capacity.read, gb_seconds, late)
