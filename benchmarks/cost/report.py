"""Writes COST.md: prices, requests, months, budgets, a calculation by hand, and a counted run."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from benchmarks.clouds import bare_emulator
from benchmarks.cost import assumed
from benchmarks.cost.levers import levers
from benchmarks.cost.mixed import Run
from benchmarks.cost.prediction import prediction_table
from benchmarks.cost.scenarios import (
    POLLED,
    STREAMED,
    Counted,
    Scenario,
    chat,
    idle_worker,
    months,
    scenarios,
    usd_by_service,
)
from benchmarks.cost.steps import Steps, count_steps
from benchmarks.waiting import measure_waiting
from benchmarks.webhooks import measure_webhooks
from infra.costs.prices import CHECKED, MILLION, PRICES, REGION, Item
from infra.costs.usage import Usage

FILE: Final = Path(__file__).parents[1] / "COST.md"
BUDGETS: Final = {POLLED: Decimal(9), STREAMED: Decimal(12)}
_HAND: Final = (
    Item.HTTP_CALL,
    Item.MESSAGE,
    Item.RUN,
    Item.GB_SECOND,
    Item.WRITE_UNIT,
    Item.READ_UNIT,
    Item.LOG_GB,
    Item.TRANSFER_GB,
)


def write_costs(run: Run | None) -> str:
    """Count everything, write COST.md, and return what was written.

    Args:
        run: a counted run to compare the prediction with; without one, its section stays.
    """
    counted = _count()
    section = _kept_section() if run is None else prediction_table(counted, run)
    text = costs_text(counted) + section
    FILE.write_text(text, encoding="utf-8")
    return text


def _count() -> Counted:
    with bare_emulator() as cloud:
        # A client for each: what counts the calls of the first one stays there.
        steps = count_steps(cloud.aws("dynamodb"))
        ways = {(x.way, x.duration): x for x in measure_waiting(cloud.aws("dynamodb"))}
        tries = {x.step: x for x in measure_webhooks(cloud.aws("dynamodb"))}
        return Counted(steps, ways, tries["a try that is taken"])


def _kept_section() -> str:
    written = FILE.read_text("utf-8") if FILE.exists() else ""
    _, found, section = written.partition("\n## Predicted and counted\n")
    return found + section


def costs_text(counted: Counted) -> str:
    """Return the document up to the counted run."""
    requests = [*scenarios(counted), chat(counted)]
    return "\n".join(
        [
            _head(),
            _prices(),
            steps_text(counted.steps),
            _requests(requests),
            _months([idle_worker(counted), *months(counted)]),
            _budgets(counted, requests),
            _by_hand(requests[0]),
        ]
    )


def _head() -> str:
    return f"""# Costs

What requests, workers and months cost on AWS. Written by `python -m benchmarks cost` on \
{datetime.now(UTC):%Y-%m-%d}. Units, calls, messages and lines are counted on the real services; \
how long functions run is [assumed](#what-is-assumed). Nobody has compared this with a bill yet.
"""


def _prices() -> str:
    rows = [
        f"| {item} | {_decimal(price.usd)} | {price.per:,} | {price.unit} "
        f"| {f'{price.free:,}' if price.free else '-'} | {price.source} |"
        for item, price in PRICES.items()
    ]
    return f"""## Prices

List prices of {REGION} in USD, of the first tier, compared on {CHECKED:%Y-%m-%d} with the \
pages of AWS (below `https://aws.amazon.com/`). `infra/costs/prices.py` is the only place that has \
them. *Free* is free in every month for any account; what AWS gives new accounts comes on top.

| item | USD | per | one is | free | page |
|---|---|---|---|---|---|
{_lines(rows)}
"""


def steps_text(steps: Steps) -> str:
    """Return the section about steps."""
    rows = [
        f"| {name} | {_n(u, Item.HTTP_CALL)} | {_n(u, Item.MESSAGE)} | {_n(u, Item.RUN)} "
        f"| {_n(u, Item.GB_SECOND)} | {_n(u, Item.WRITE_UNIT)} | {_n(u, Item.READ_UNIT)} "
        f"| {_n(u, Item.S3_GET)} | {u[Item.LOG_GB] * assumed.GIGABYTE:,.0f} "
        f"| {u.total() * MILLION:,.2f} |"
        for name, u in steps.items()
    ]
    return f"""## Steps

What one step uses, with 1 KB in and out, and what a million of it costs. Messages count in both \
directions. A sweep comes at most once a minute for each space with work.

| step | calls | messages | runs | GB-seconds | write units | read units | S3 | log bytes | USD |
|---|---|---|---|---|---|---|---|---|---|
{_lines(rows)}
"""


def _requests(found: list[Scenario]) -> str:
    rows = []
    for each in found:
        parts = usd_by_service(each.usage * MILLION)
        rows.append(
            f"| {each.name} | "
            + " | ".join(f"{part:,.2f}" for part in parts.values())
            + f" | **{each.per_million:,.2f}** |"
        )
    services = usd_by_service(Usage())
    return f"""## A million requests

USD for a million requests that run for ten seconds in a space whose pace is known, without \
anything free. The caller polls as told, waits with `Prefer: wait`, or streams; the streamed text \
comes in {assumed.PIECES_PER_SECOND} pieces a second. Each turn of a conversation carries all \
turns before it and streams for five seconds, and a million conversations are 20 million requests.

| request | {" | ".join(services)} | **all** |
|---|{"---|" * (len(services) + 1)}
{_lines(rows)}
"""


def _months(found: list[Scenario]) -> str:
    rows = []
    for each in found:
        parts = usd_by_service(each.usage)
        rows.append(
            f"| {each.name} | "
            + " | ".join(f"{part:,.2f}" for part in parts.values())
            + f" | **{each.usage.total():,.2f}** | **{each.usage.total(free=True):,.2f}** |"
        )
    services = usd_by_service(Usage())
    return f"""## Months

USD for 30 days. The requests are polled, run for ten seconds, and all run at once. The lab's come \
one at a time, so each has a sweep of its own; the service has 20 spaces that always have work. \
*With free*: after what is free in every account.

| month | {" | ".join(services)} | **all** | **with free** |
|---|{"---|" * (len(services) + 2)}
{_lines(rows)}

Not included: sign-in (free up to 10,000 people a month), the page (CloudFront, free up to \
10 million calls a month), stored answers above 64 KB, and continuous backups. Opening the \
dashboard scans its logs ([Watch and repair](../docs/runbook.md#the-dashboard)).
"""


def _budgets(counted: Counted, found: list[Scenario]) -> str:
    by_name = {each.name: each for each in found}
    budgets = [
        f"| {name} | {budget} | **{by_name[name].per_million:,.2f}** |"
        for name, budget in BUDGETS.items()
    ]
    rows = [
        f"| {each.name} | {each.of} | {each.usd:+,.2f} | {each.price} |" for each in levers(counted)
    ]
    polled = by_name[POLLED].usage * MILLION
    floor = sum((polled.usd(item) for item in _FLOOR), Decimal(0))
    return f"""## Budgets

A million requests of ten seconds, all included, should cost at most:

| request | budget, USD | is, USD |
|---|---|---|
{_lines(budgets)}

Both are exceeded. Messages and units of DynamoDB alone, which no setting saves, cost {floor:,.2f} \
USD per million polled requests. What would help, in USD per million:

| lever | of | changes | price |
|---|---|---|---|
{_lines(rows)}
"""


_FLOOR: Final = (Item.MESSAGE, Item.WRITE_UNIT, Item.READ_UNIT)


def _by_hand(scenario: Scenario) -> str:
    used = scenario.usage
    rows = [
        f"| {item} | {_decimal(round(used[item], 9))} | {_decimal(PRICES[item].each)} "
        f"| {used.usd(item) * MILLION:.4f} |"
        for item in _HAND
    ]
    total = sum((used.usd(item) for item in _HAND), Decimal(0)) * MILLION
    return f"""## By hand

The first row of [a million requests](#a-million-requests), *{scenario.name}*, is one submit, six \
calls until the result is known (five polls and the fetch), one sign of life and one result. Each \
of the nine is a run. Of one request:

| item | of one request | USD each | USD per million |
|---|---|---|---|
{_lines(rows)}
| **all** | | | **{total:.4f}** |

The submit takes 60 ms, each call 20 ms, the sign of life 30 ms and the result 60 ms: 270 ms with \
512 MB are 0.135 GB-seconds. Two lines of our own (one at the submit, one at the end) and nine \
times the lines of Lambda have 2 times {assumed.LINE_LOG_BYTES} + 9 times {assumed.RUN_LOG_BYTES} \
bytes, and the seven responses {assumed.RESPONSE_BYTES:,} each.

## What is assumed

| what | assumed | why |
|---|---|---|
| a run | {_seconds()} | guesses: nobody has run the gateway \
on AWS. If they were twice as long, a polled request would cost 1.80 USD per million more |
| cold starts | none | a busy function has few |
| lines of Lambda | {assumed.RUN_LOG_BYTES} bytes a run | START, END and REPORT, \
and 26 bytes that CloudWatch adds to each |
| a line of ours | {assumed.LINE_LOG_BYTES} bytes | as on the local cloud, and 26 bytes |
| a response | {assumed.RESPONSE_BYTES:,} bytes | body and headers, on average |
| a worker's sign of life | once in ten seconds | a third of the lease |
"""


def _seconds() -> str:
    return ", ".join(
        f"{name} {seconds * 1000:.0f} ms" for name, seconds in assumed.RUN_SECONDS.items()
    )


def _n(usage: Usage, item: Item) -> str:
    return _decimal(usage[item]) if usage[item] else "-"


def _decimal(number: Decimal) -> str:
    return f"{number.normalize():,f}" if number else "0"


def _lines(rows: Iterable[str]) -> str:
    return "\n".join(rows)
