"""What a call of a tool costs in DynamoDB, counted on the services behind `/mcp`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from msgspec import convert

from benchmarks.capacity import Capacity
from benchmarks.units import Line, NoClocks, gateway_over, tables_of
from spaces.domain.access.caller import Caller, Key
from spaces.domain.access.quota import CallerLimits
from spaces.domain.space import Definition
from spaces.services.mcp.begin_tool import ToolCall, begin_tool
from spaces.services.mcp.follow_tool import status_now
from spaces.services.mcp.tasks import cancel_task, result_of_task, view_task
from spaces.services.mcp.tool_result import tool_result
from spaces.services.ports.gateway import ArmOutcome, Gateway, Sender
from spaces.services.requests.wait_for_request import wait_for_request
from spaces.services.spaces.create_space import create_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import Register, Result

CALLER = Key("k1", "bench", frozenset({"tool"}), CallerLimits())
SCHEMA = {"type": "object", "properties": {"beam": {"type": "integer"}}}


class Cost(NamedTuple):
    """What one step costs.

    Attributes:
        schedules: How many one-shot schedules it creates.
    """

    step: str
    write: float
    read: float
    calls: int
    messages: int
    schedules: int


TEXT: Final = (
    "A space as a tool of MCP, called with a key, with 1 KB in and out and a free worker; "
    "looking up the key is not counted. Each step is one run of the streaming function, apart from "
    "the result, which the worker sends."
)


def table(costs: Iterable[Cost]) -> str:
    """Return the costs as a table."""
    rows = [
        f"| {cost.step} | {cost.write:g} | {cost.read:g} | {cost.calls} | {cost.messages} "
        f"| {cost.schedules} |"
        for cost in costs
    ]
    head = "| step | write units | read units | calls | messages | schedules |"
    lines = [
        "## Units of one tool call",
        "",
        TEXT,
        "",
        head,
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


@dataclass
class CountedClocks(NoClocks):
    """Sweep timers that never fire and are counted."""

    armed: int = 0

    def arm(self, space_id: str, at: int, ticket: int | None = None) -> ArmOutcome:
        """Count a schedule."""
        self.armed += 1
        return super().arm(space_id, at, ticket)


@dataclass
class Scene:
    """A space with a worker, and what is counted there."""

    gateway: Gateway
    line: Line
    clocks: CountedClocks
    capacity: Capacity
    worker: Sender

    def cost(self, step: str, act: Callable[[], object]) -> Cost:
        """Return what an act costs."""
        self.capacity.reset()
        self.line.posted.clear()
        before = self.clocks.armed
        act()
        counted = self.capacity
        return Cost(
            step,
            counted.write,
            counted.read,
            counted.calls.total(),
            len(self.line.posted),
            self.clocks.armed - before,
        )


def measure_tools(client: Any, caller: Caller = CALLER) -> Iterator[Cost]:
    """Yield the cost of each step of a call of a tool, with a free worker."""
    capacity = Capacity()
    capacity.watch(client)
    with tables_of(client):
        yield from _steps(_scene(client, capacity), caller)


def _scene(client: Any, capacity: Capacity) -> Scene:
    line, clocks = Line(), CountedClocks()
    gateway = replace(gateway_over(client, line), timers=clocks)
    create_space(gateway, Definition(space_id="tool", title="tool", created_at=0))
    worker = Sender("c1", gateway.now(), "w1", "t1", frozenset(["tool"]))
    declared = Register(spaces=["tool"], session="s", params_schemas={"tool": SCHEMA})
    register_worker(gateway, worker, declared)
    return Scene(gateway, line, clocks, capacity, worker)


def _steps(scene: Scene, caller: Caller) -> Iterator[Cost]:
    gateway, begun = scene.gateway, []

    def begin() -> None:
        call = ToolCall("tool", {"prompt": "x" * 1000, "beam": 4})
        begun.append(begin_tool(gateway, call, caller).request_id)

    def answer() -> None:
        commit_result(gateway, scene.worker, _result(str(begun[-1])))

    yield scene.cost("tools/call: submit", begin)
    request_id: RequestId = begun[-1]
    task_id = str(request_id)
    yield scene.cost("progress notification", lambda: status_now(gateway, request_id))
    yield scene.cost("tasks/get of a task that runs", lambda: view_task(gateway, task_id, caller))
    yield scene.cost("the worker's result", answer)
    yield scene.cost("tools/call: the result", lambda: _finish(gateway, request_id))
    yield scene.cost("tasks/get with the result", lambda: _get(gateway, task_id, caller))
    begin()
    cancelled = str(begun[-1])
    yield scene.cost("tasks/cancel", lambda: cancel_task(gateway, cancelled, caller))


def _finish(gateway: Gateway, request_id: RequestId) -> None:
    """Do what a call does that finds its request ended."""
    result = wait_for_request(gateway, request_id, 0, sleep=lambda _: None)
    tool_result(gateway, request_id, result)


def _get(gateway: Gateway, task_id: str, caller: Caller) -> None:
    assert result_of_task(gateway, view_task(gateway, task_id, caller)) is not None


def _result(request_id: str) -> Result:
    named = {"action": "result", "request_id": request_id, "attempt": 1, "status": "completed"}
    return convert({**named, "output": {"text": "y" * 1000}}, Result)
