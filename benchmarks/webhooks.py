"""What a webhook costs, counted on the real services with simulated time."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, NamedTuple

from benchmarks.capacity import Capacity
from benchmarks.units import Line, gateway_over, tables_of
from benchmarks.waiting import Clock
from infra.costs.prices import MILLION
from infra.costs.usage import Usage, use
from spaces.domain.request_options import RequestOptions
from spaces.domain.space import Definition
from spaces.domain.webhook_delivery import Outcome
from spaces.services.access.identify_key import identify_key
from spaces.services.access.issue_credential import issue_credential
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.requests.submit_request import submit_request
from spaces.services.spaces.create_space import create_space
from spaces.services.webhooks.deliver_webhook import deliver_webhook
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.webhooks import Webhook
from spaces_protocol.worker_messages import Register, Result

GB: Final = 0.25
OWN_SECONDS: Final = 0.05
"""How long the function runs beside waiting for the receiver."""
QUICK_SECONDS: Final = 0.2
SLOW_SECONDS: Final = 15.0
SPACE: Final = "webhooks"
REFUSED: Final = Outcome(status=503)
SILENT: Final = Outcome(error="No answer in time.")


class Price(NamedTuple):
    """What one step costs beyond the same request without a webhook.

    Attributes:
        runs: runs of the function that sends webhooks.
        seconds: how long they last together.
        schedules: one-shot schedules.
    """

    step: str
    write: float
    read: float
    runs: int
    seconds: float
    schedules: int

    @property
    def usage(self) -> Usage:
        """What is charged for it."""
        units = use(write_unit=self.write, read_unit=self.read, schedule=self.schedules)
        return units + use(run=self.runs, gb_second=self.seconds * GB)

    @property
    def usd(self) -> Decimal:
        """USD per million."""
        return self.usage.total() * MILLION

    def row(self) -> str:
        """Return the row of the table."""
        return (
            f"| {self.step} | {self.write:g} | {self.read:g} | {self.runs} "
            f"| {self.seconds:.2f} s | {self.schedules} | {self.usd:.1f} |"
        )


HEAD: Final = (
    "| a webhook | write units | read units | runs | Lambda | schedules | USD per million |\n"
    "|---|---|---|---|---|---|---|\n"
)


def table(prices: list[Price]) -> str:
    """Return the prices as a table."""
    return HEAD + "\n".join(each.row() for each in prices) + "\n"


@dataclass
class CountedTries:
    """Lambda and the scheduler: count what is asked for; the benchmark runs it."""

    started: list[RequestId] = field(default_factory=list)
    armed: list[int] = field(default_factory=list)

    def start(self, request_id: RequestId) -> bool:
        """Note a run."""
        self.started.append(request_id)
        return True

    def arm(self, request_id: RequestId, at: int) -> bool:
        """Note a schedule."""
        self.armed.append(at)
        return True


@dataclass
class Receiver:
    """Answers with the outcome that a run sets."""

    outcome: Outcome

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """Answer."""
        return self.outcome


@dataclass
class Scene:
    """A space with a worker, and a caller with a key."""

    gateway: Gateway
    capacity: Capacity
    tries: CountedTries
    receiver: Receiver
    clock: Clock
    worker: Sender
    key: str

    def request(self, *, announced: bool) -> tuple[RequestId, float, float]:
        """Run a request to its end; return it and its units."""
        webhook = Webhook(url="https://example.com/in") if announced else None
        self.capacity.reset()
        accepted = submit_request(
            self.gateway,
            SPACE,
            SubmittedInput(prompt="x" * 500),
            options=RequestOptions(webhook=webhook),
            caller=identify_key(self.gateway, self.key),
        )
        request_id = accepted.request.request_id
        answer = Result(request_id=str(request_id), attempt=1, status="completed")
        commit_result(self.gateway, self.worker, answer)
        return request_id, self.capacity.write, self.capacity.read

    def try_once(self, step: str, request_id: RequestId, outcome: Outcome) -> Price:
        """Run the function that sends, when it is due."""
        self.clock.now = max([self.clock.now, *self.tries.armed])
        self.tries.armed.clear()
        self.capacity.reset()
        self.receiver.outcome = outcome
        deliver_webhook(self.gateway, request_id)
        seconds = OWN_SECONDS + (SLOW_SECONDS if outcome == SILENT else QUICK_SECONDS)
        counted = (self.capacity.write, self.capacity.read, 1, seconds, len(self.tries.armed))
        return Price(step, *counted)


def measure_webhooks(client: Any) -> list[Price]:
    """Return the prices, over empty tables that are deleted afterwards."""
    capacity = Capacity()
    capacity.watch(client)
    with tables_of(client):
        scene = _scene(client, capacity)
        scene.request(announced=False)  # the first of a minute costs more
        _, plain_write, plain_read = scene.request(announced=False)
        request_id, write, read = scene.request(announced=True)
        asked = Price("the request itself", write - plain_write, read - plain_read, 0, 0, 0)
        taken = scene.try_once("a try that is taken", request_id, Outcome(status=204))
        again = scene.try_once("a run that finds it delivered", request_id, Outcome(status=204))
        again = again._replace(seconds=OWN_SECONDS)
        request_id, *_ = scene.request(announced=True)
        refused = scene.try_once("a try that is refused", request_id, REFUSED)
        silent = scene.try_once("a try without an answer for 15 s", request_id, SILENT)
        return [asked, taken, refused, silent, again, _whole(scene)]


def _whole(scene: Scene) -> Price:
    """Try until the gateway gives up."""
    request_id, *_ = scene.request(announced=True)
    tries: list[Price] = []
    while not tries or scene.tries.armed:
        tries.append(scene.try_once("", request_id, REFUSED))
    sums = [sum(column) for column in list(zip(*tries, strict=True))[1:]]
    return Price(f"all {len(tries)} tries, refused for three days", *sums)


def _scene(client: Any, capacity: Capacity) -> Scene:
    line, tries, receiver = Line(), CountedTries(), Receiver(REFUSED)
    fixed = gateway_over(client, line)
    clock = Clock(fixed.now())
    gateway = replace(fixed, now=clock.milliseconds, webhook_tries=tries, webhook_sender=receiver)
    create_space(gateway, Definition(space_id=SPACE, title=SPACE, created_at=0))
    worker = Sender("c1", clock.milliseconds(), "w1", "t1", frozenset([SPACE]))
    register_worker(gateway, worker, Register(spaces=[SPACE], session="s"))
    key = issue_credential(gateway, "key", [SPACE]).secret
    return Scene(gateway, capacity, tries, receiver, clock, worker, key)
