"""What one request of each kind uses, put together from counted steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from benchmarks import webhooks
from benchmarks.cost.assumed import (
    GIGABYTE,
    MONTH_MINUTES,
    PIECES_PER_SECOND,
    RESPONSE_BYTES,
    RUN_LOG_BYTES,
    STREAM_GB,
)
from benchmarks.cost.steps import CHAT_TURNS, Steps
from benchmarks.waiting import Waiting
from infra.costs.prices import MILLION, Item
from infra.costs.usage import Usage, use
from spaces_protocol.limits import PING_SECONDS, RENEW_BEFORE_SECONDS

FILE_GB: Final = 10 / 1024
FILE_DAYS: Final = 8
TURN_SECONDS: Final = 5
POLLED: Final = "asked by polling"
STREAMED: Final = "streamed, with text"


@dataclass(frozen=True)
class Scenario:
    """Something that costs.

    Attributes:
        name: what it is.
        usage: what one of it uses.
    """

    name: str
    usage: Usage

    @property
    def per_million(self) -> Decimal:
        """USD for a million of it."""
        return self.usage.total() * MILLION


@dataclass(frozen=True)
class Counted:
    """All that was counted.

    Attributes:
        steps: by name, see `count_steps`.
        ways: how callers wait, by way and duration.
        webhook: a delivery that is taken at the first try.
    """

    steps: Steps
    ways: dict[tuple[str, str], Waiting]
    webhook: webhooks.Price

    def waiting(self, way: str, seconds: str) -> Usage:
        """Return what a way to wait uses, with its logs and responses."""
        found = self.ways[way, seconds]
        sent, calls = found.calls * RESPONSE_BYTES / GIGABYTE, found.calls
        out = (
            use(transfer_gb=sent)
            if found.by_api
            else use(cloudfront_gb=sent, cloudfront_call=calls)
        )
        return found.usage + out + use(log_gb=calls * RUN_LOG_BYTES / GIGABYTE)


def scenarios(counted: Counted) -> list[Scenario]:
    """Return requests of ten seconds that run at once, by how their callers wait."""
    steps = counted.steps
    request = _sum(steps, "submit", "progress", "result")
    polled = request + counted.waiting("poll as told", "10 s")
    stream = counted.waiting("stream", "10 s")
    pieces = 10 * PIECES_PER_SECOND
    # A look that finds a piece reads it as well: half a unit more.
    text = steps["piece of text"] * pieces + use(read_unit=0.5 * pieces)
    again = _sum(steps, "submit with a file", "announce a file", "progress", "result")
    file = use(
        s3_put=1,
        s3_get=1,
        transfer_gb=FILE_GB,
        s3_gb=FILE_GB * FILE_DAYS / 30,
    )
    return [
        Scenario(POLLED, polled),
        Scenario("asked by `Prefer: wait`", request + counted.waiting("`Prefer: wait`", "10 s")),
        Scenario("streamed, without text", request + stream),
        Scenario(STREAMED, _sum(steps, "submit", "result") + stream + text),
        Scenario(
            "with a file of 10 MB, polled",
            again + counted.waiting("poll as told", "10 s") + file,
        ),
        Scenario("polled, and a webhook", polled + counted.webhook.usage),
        Scenario("a webhook instead of polls", request + steps["fetch"] + counted.webhook.usage),
    ]


def chat(counted: Counted) -> Scenario:
    """Return a conversation by the page, each of whose turns streams for five seconds."""
    steps = counted.steps
    pieces = CHAT_TURNS * TURN_SECONDS * PIECES_PER_SECOND
    text = steps["piece of text"] * pieces + use(read_unit=0.5 * pieces)
    whole = counted.ways["stream", "10 s"]
    seconds = CHAT_TURNS * TURN_SECONDS
    stream = use(
        run=CHAT_TURNS,
        gb_second=seconds * STREAM_GB,
        read_unit=whole.units * seconds / 10,
        cloudfront_call=CHAT_TURNS,
        log_gb=CHAT_TURNS * RUN_LOG_BYTES / GIGABYTE,
    )
    turns = _sum(steps, f"submits of {CHAT_TURNS} turns", f"results of {CHAT_TURNS} turns")
    return Scenario(f"a conversation of {CHAT_TURNS} turns", turns + text + stream)


def idle_worker(counted: Counted) -> Scenario:
    """Return a worker that is connected for a month and gets no request."""
    steps = counted.steps
    connections = MONTH_MINUTES * 60 / RENEW_BEFORE_SECONDS
    open_for_a_month = use(
        connection_minute=MONTH_MINUTES, message=MONTH_MINUTES * 60 / PING_SECONDS
    )
    return Scenario(
        "a worker, idle for a month",
        open_for_a_month + _sum(steps, "handshake", "register", "disconnect") * connections,
    )


def month(counted: Counted, name: str, *, workers: int, requests: int, sweeps: int) -> Scenario:
    """Return a month of workers and polled requests.

    Args:
        counted: what was counted.
        name: what the month is called.
        workers: how many are connected all the time.
        requests: how many are submitted, each of ten seconds.
        sweeps: how often spaces are swept: at most once for each request, and at most once a
            minute for each space.
    """
    polled = scenarios(counted)[0].usage
    table_gb = requests * 3_000 / GIGABYTE * 7 / 30
    used = (
        idle_worker(counted).usage * workers
        + polled * requests
        + counted.steps["sweep"] * sweeps
        + use(table_gb=table_gb)
    )
    return Scenario(name, used)


def months(counted: Counted) -> list[Scenario]:
    """Return a small and a large month."""
    return [
        month(
            counted,
            "a small lab: 3 workers, 2,000 requests",
            workers=3,
            requests=2_000,
            sweeps=2_000,
        ),
        month(
            counted,
            "a busy service: 200 workers, 5 million requests",
            workers=200,
            requests=5 * MILLION,
            sweeps=20 * MONTH_MINUTES,
        ),
    ]


def _sum(steps: Steps, *names: str) -> Usage:
    return sum((steps[name] for name in names), Usage())


def usd_by_service(usage: Usage, *, free: bool = False) -> dict[str, Decimal]:
    """Return the cost of a use by service of AWS, in USD."""
    return {
        service: sum((usage.usd(item, free=free) for item in items), Decimal(0))
        for service, items in SERVICES.items()
    }


SERVICES: Final[dict[str, Iterable[Item]]] = {
    "API calls": (Item.HTTP_CALL, Item.CLOUDFRONT_CALL),
    "messages and connections": (Item.MESSAGE, Item.CONNECTION_MINUTE),
    "Lambda": (Item.RUN, Item.GB_SECOND),
    "DynamoDB": (Item.WRITE_UNIT, Item.READ_UNIT, Item.TABLE_GB),
    "logs": (Item.LOG_GB,),
    "files, transfer": (
        Item.S3_PUT,
        Item.S3_GET,
        Item.S3_GB,
        Item.CLOUDFRONT_GB,
        Item.TRANSFER_GB,
    ),
    "schedules": (Item.SCHEDULE,),
}
"""Items of the bill by service."""
