"""What a run of mixed requests should use, beside what was counted."""

from decimal import Decimal
from functools import partial
from typing import Final

from benchmarks.cost.mixed import Run
from benchmarks.cost.scenarios import Counted
from benchmarks.cost.steps import Steps
from infra.costs.prices import PRICES, Item
from infra.costs.usage import Usage, use

_PIECES: Final = 2
_ITEMS: Final = (
    Item.WRITE_UNIT,
    Item.READ_UNIT,
    Item.HTTP_CALL,
    Item.MESSAGE,
    Item.RUN,
    Item.S3_PUT,
    Item.S3_GET,
    Item.SCHEDULE,
)


def predicted(counted: Counted, run: Run) -> Usage:
    """Return what requests of one second use, from how many there were of each kind."""
    steps, of_kind = counted.steps, _kinds(counted)
    requests = sum((of_kind[kind] * number for kind, number in run.requests.items()), Usage())
    sweeps = steps["sweep"] * (2 * round(run.seconds / 60))
    unseen = Usage({Item.RUN: sweeps[Item.RUN] * -1})
    return requests + sweeps + unseen


def _kinds(counted: Counted) -> dict[str, Usage]:
    steps = counted.steps
    polled = _sum(steps, "submit", "result") + counted.ways["poll as told", "1 s"].usage
    file = _sum(steps, "announce a file", "submit with a file", "result")
    key = _sum(steps, "submit with a key", "result")
    by_polls = counted.ways["poll as told", "1 s"].usage
    text = steps["piece of text"] * _PIECES + use(read_unit=0.5 * _PIECES)
    stream = counted.ways["stream", "1 s"].usage
    # Streams do not pass the edge, so their runs are not counted.
    uncounted = Usage({Item.RUN: stream[Item.RUN] * -1})
    return {
        "polled": polled,
        "failed": polled,
        "waited": _sum(steps, "submit", "result") + counted.ways["`Prefer: wait`", "1 s"].usage,
        "streamed": _sum(steps, "submit", "result") + stream + text + uncounted,
        "with a file": file + by_polls + use(s3_put=1, s3_get=1),
        "with a webhook": key + by_polls + counted.webhook.usage,
        "cancelled": _sum(steps, "submit", "cancel", "late result"),
    }


def prediction_table(counted: Counted, run: Run) -> str:
    """Return the section that compares both."""
    expected = predicted(counted, run)
    rows = []
    for item in _ITEMS:
        found = _amount(run.items, item)
        share = f"{(found / expected[item] - 1) * 100:+.1f} %" if expected[item] else "-"
        guess = _amount(run.estimated, item)
        rows.append(f"| {item} | {expected[item]:,.0f} | {found:,.0f} | {share} | {guess:,.0f} |")
    money = [
        sum((amounts(item) * PRICES[item].each for item in _ITEMS), Decimal(0))
        for amounts in (
            expected.__getitem__,
            partial(_amount, run.items),
            partial(_amount, run.estimated),
        )
    ]
    difference = (money[1] / money[0] - 1) * 100
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in run.requests.items())
    total = sum(run.requests.values())
    return f"""
## Predicted and counted

{total:,} requests of one second on the local cloud, run on {run.taken} within {run.seconds:,} \
seconds by `python -m benchmarks mixed`: {kinds}. The prediction multiplies the [steps](#steps) by \
the numbers of requests. The count was taken by an edge between the functions and the emulator, \
which asked for the consumed capacity of every call (`ReturnConsumedCapacity`); it sees no runs of \
streams and of sweeps, and these are not predicted. DynamoDB charges for a write whose condition \
fails, too: {run.items.get("lost_write", 0):,.0f} of the write units are those of callers who \
changed a queue at the same time. The last column is what `infra.admin cost` says, which knows \
only the logs here: it takes all callers for patient ones who poll, and counts runs of all kinds.

| item | predicted | counted | difference | from logs |
|---|---|---|---|---|
{chr(10).join(rows)}
| **USD** | **{money[0]:.5f}** | **{money[1]:.5f}** | **{difference:+.1f} %** | **{money[2]:.5f}** |
"""


def _amount(amounts: dict[str, float], item: Item) -> Decimal:
    return Decimal(str(amounts.get(item.name.lower(), 0)))


def _sum(steps: Steps, *names: str) -> Usage:
    return sum((steps[name] for name in names), Usage())
