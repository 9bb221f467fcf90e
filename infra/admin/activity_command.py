"""The command that says what happened."""

import json
import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.activity.activity import ASKED, Activity, activity_of
from infra.activity.log_query import Row
from infra.activity.sources import ask_insights, ask_lines, log_groups_of
from infra.admin import options
from infra.admin.stage_clients import clients_of, is_local, local_cloud_of, name_of
from infra.admin.terminal_text import shown
from infra.local.cloud import LocalCloud
from infra.local.lifecycle import running_status
from infra.local.logs import chosen_functions, read_logs

console = Console(highlight=False)
app = typer.Typer()
Hours = Annotated[float, typer.Option(help="How many hours to look back.", min=0.01, max=24 * 366)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


@app.command("activity")
def activity(*, stage: options.Stage = "dev", hours: Hours = 24.0, as_json: AsJson = False) -> None:
    """Print what happened: requests, times, workers, refusals and errors.

    The figures come from the functions' logs. On AWS, CloudWatch Logs Insights scans the logs of
    these hours, for 0.005 USD a GB; no log group is kept longer than log_retention_days.
    """
    found = read_activity(stage, hours)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
        return
    for table in tables(found):
        console.print(table)
        console.print()


def read_activity(stage: str, hours: float) -> Activity:
    """Return what happened on a stage in the last hours.

    Raises:
        StackNotDeployed: the stage is not deployed.
        QueryFailed: Logs Insights did not answer.
        LocalCloudError: the local cloud is not running.
    """
    if is_local(stage):
        return read_local_activity(local_cloud_of(stage), hours)
    now = time.time()
    since = now - hours * 3600
    client = clients_of(stage)
    groups = log_groups_of(client("cloudformation"), f"spaces-{name_of(stage)}-service")
    ask = ask_insights(client("logs"), groups, (int(since), int(now)), ASKED)
    return activity_of(hours, ask)


def read_local_activity(cloud: LocalCloud, hours: float) -> Activity:
    """Return what happened on a local cloud in the last hours.

    Raises:
        LocalCloudError: it is not running.
    """
    running_status(cloud)
    lines = read_logs(cloud, chosen_functions(None))
    since_ms = int((time.time() - hours * 3600) * 1000)
    return activity_of(hours, ask_lines(lines, since_ms))


def tables(found: Activity) -> list[Table]:
    """Return what is printed."""
    requests = _table(f"Requests of the last {_period(found.hours)}", "accepted", *found.ended)
    requests.add_row(f"{found.accepted:,}", *(f"{each:,}" for each in found.ended.values()))
    times = _table("Times in seconds", "", "p50", "p95")
    for name, word in (("waited", "waiting"), ("ran", "running")):
        times.add_row(word, *(_seconds(found.times.get(f"{name}_p{p}_ms")) for p in (50, 95)))
    most = _table("At a time", "most waiting", "most running", "workers seen", "handshakes")
    most.add_row(
        *(f"{found.most.get(name, 0):,}" for name in ("waiting", "running")),
        f"{found.workers:,}",
        f"{found.handshakes:,}",
    )
    return [
        requests,
        times,
        most,
        *_listed("By space", found.spaces),
        *_listed("Refused", found.refused),
        *_listed("Errors", found.errors),
        *_listed("Webhooks", found.webhooks),
    ]


def _listed(title: str, rows: list[Row]) -> list[Table]:
    """Return a table of rows; none without rows."""
    if not rows:
        return []
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = Table(title=title, box=None, title_justify="left", title_style="bold")
    for name in names:
        is_text = any(isinstance(row.get(name), str) for row in rows)
        table.add_column(name.removesuffix("_ms"), justify="left" if is_text else "right")
    for row in rows:
        table.add_row(*(_cell(name, row.get(name, "")) for name in names))
    return [table]


def _cell(name: str, value: str | float) -> str:
    if isinstance(value, str):
        return shown(value)
    return _seconds(value) if name.endswith("_ms") else f"{value:,.0f}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=None, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right" if column else "left")
    return table


def _period(hours: float) -> str:
    return f"{hours:g} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"


def _seconds(milliseconds: float | None) -> str:
    return "-" if milliseconds is None else f"{milliseconds / 1000:,.1f}"
