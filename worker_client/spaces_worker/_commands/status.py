"""The command ``status``: shows the workers of this machine."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from spaces_worker._commands.connection_options import ReportOptions, StateOptions
from spaces_worker._commands.help_format import Command
from spaces_worker._commands.option_groups import option_groups
from spaces_worker._commands.serve import gathered
from spaces_worker._exit_codes import ExitCode
from spaces_worker._status.local_workers import LocalWorker, describe, local_workers


@click.command(
    "status",
    cls=Command,
    help="Show the workers of this machine, their requests, and results not yet delivered.",
    short_help="Show the workers of this machine.",
)
@option_groups(state=StateOptions, report=ReportOptions)
def status(*, state: StateOptions, report: ReportOptions) -> None:
    """Show the workers of this machine."""
    folder = _folder(state)
    workers = local_workers(folder, datetime.now(UTC))
    if report.as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"workers": workers})))
    else:
        click.echo("\n\n".join(describe(workers, folder, datetime.now(UTC))))
    raise click.exceptions.Exit(ExitCode.DRAINED if _any_linked(workers) else ExitCode.UNWELL)


def _any_linked(workers: list[LocalWorker]) -> bool:
    return any(each.is_running and each.activity.connected_since is not None for each in workers)


def _folder(state: StateOptions) -> Path:
    # Only the state directory matters here, so the other settings may be missing.
    rest = {"url": "wss://localhost", "token": "-", "spaces": "any"}
    return gathered({**rest, "state_dir": state.state_dir}, state.config).state_dir
