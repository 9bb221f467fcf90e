"""The command that says what it costs."""

import json
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from infra.access import FUNCTIONS
from infra.admin import options
from infra.admin.activity_command import AsJson, read_activity
from infra.admin.stage_clients import clients_of, is_local, name_of
from infra.costs.estimate import Estimate, Runs, estimate
from infra.costs.meters import Meter, Resources, meters_of, reader, resources_of
from infra.costs.prices import CHECKED, PRICES, REGION

console = Console(highlight=False)
app = typer.Typer()
_FUNCTION: Final = "AWS::Lambda::Function"
SinceStart = Annotated[
    float | None,
    typer.Option(help="How many hours to look back; since the first of the month by default."),
]
WholeMonth = Annotated[
    bool, typer.Option("--month", help="Estimate the whole month at the pace so far.")
]


@app.command("cost")
def cost(
    *,
    stage: options.Stage = "dev",
    hours: SinceStart = None,
    month: WholeMonth = False,
    as_json: AsJson = False,
) -> None:
    """Estimate what the month costs so far, from counts and list prices.

    On AWS, CloudWatch counts runs, calls, messages and units. Everything else, and on a local cloud
    all of it, is estimated from the functions' logs. The bill of AWS is the truth: this leaves out
    stored data, the page and sign-in.
    """
    now = datetime.now(UTC)
    passed = hours or (now - now.replace(day=1, hour=0, minute=0, second=0)).total_seconds() / 3600
    found = read_estimate(stage, max(passed, 0.1), now)
    whole = monthrange(now.year, now.month)[1] * 24
    factor = Decimal(str(whole / max(passed, 0.1))) if month else Decimal(1)
    if as_json:
        typer.echo(json.dumps(as_dict(found, factor), indent=2))
        return
    title = f"{now:%B %Y} at the pace of" if month else "Used in"
    console.print(_table(found, factor, f"{title} the last {passed:,.1f} hours"))
    console.print(f"List prices of {REGION} on {CHECKED:%Y-%m-%d}; see benchmarks/COST.md.")


def read_estimate(stage: str, hours: float, now: datetime) -> Estimate:
    """Return what a stage used in the last hours.

    Raises:
        StackNotDeployed: the stage is not deployed.
        QueryFailed: Logs Insights did not answer.
    """
    client = clients_of(stage)
    activity = read_activity(stage, hours)
    name = name_of(stage)
    stacks = (f"spaces-{name}-data", f"spaces-{name}-service")
    resources = resources_of(client("cloudformation"), *stacks)
    since = datetime.fromtimestamp(now.timestamp() - hours * 3600, UTC)
    read = reader(client("cloudwatch"), since, now)
    counted = {item: read(meters) for item, meters in meters_of(resources).items()}
    known = {item: number for item, number in counted.items() if number is not None}
    # The emulator counts runs that were invoked directly, and no others.
    runs = {} if is_local(stage) else _runs(resources, read)
    return estimate(activity, runs, known)


def _runs(
    resources: Resources, read: Callable[[Iterable[Meter]], Decimal | None]
) -> dict[str, Runs]:
    """Return how often and how long each function ran, by its name in `FUNCTIONS`."""
    found: dict[str, Runs] = {}
    for logical_id, physical in resources.get(_FUNCTION, {}).items():
        name = logical_id.partition("Function")[0].lower()
        if name not in FUNCTIONS:
            continue
        meters = [
            Meter("AWS/Lambda", metric, {"FunctionName": physical})
            for metric in ("Invocations", "Duration")
        ]
        count, milliseconds = read(meters[:1]), read(meters[1:])
        if count is not None:
            found[name] = Runs(count, (milliseconds or Decimal(0)) / 1000)
    return found


def as_dict(found: Estimate, factor: Decimal) -> dict[str, Any]:
    """Return an estimate as JSON: amounts and USD by item, and the sums."""
    usage = found.usage * factor
    return {
        "items": {
            item.name.lower(): {
                "amount": float(usage[item]),
                "usd": float(usage.usd(item)),
                "counted": item in found.counted,
            }
            for item in PRICES
        },
        "usd": float(usage.total()),
        "usd_with_free": float(usage.total(free=True)),
    }


def _table(found: Estimate, factor: Decimal, title: str) -> Table:
    usage = found.usage * factor
    table = Table(title=title, box=None, title_justify="left", title_style="bold")
    for name in ("item", "from"):
        table.add_column(name)
    for name in ("amount", "USD", "with free"):
        table.add_column(name, justify="right")
    for item in PRICES:
        if not usage[item]:
            continue
        source = "counted" if item in found.counted else "estimated"
        table.add_row(
            item,
            source,
            f"{usage[item]:,.2f}" if usage[item] < 10 else f"{usage[item]:,.0f}",  # noqa: PLR2004
            f"{usage.usd(item):,.4f}",
            f"{usage.usd(item, free=True):,.4f}",
        )
    table.add_row(
        "all", "", "", f"{usage.total():,.4f}", f"{usage.total(free=True):,.4f}", style="bold"
    )
    return table
