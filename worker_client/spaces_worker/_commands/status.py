"""The command ``status``: what the workers of this machine do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from spaces_worker._commands.connection_options import Config, StateDir
from spaces_worker._commands.serve import gathered
from spaces_worker._exit_codes import ExitCode
from spaces_worker._status.local_workers import LocalWorker, describe, local_workers


def status(
    *,
    state_dir: StateDir = None,
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the workers of this machine: link, requests, and answers that wait on disk."""
    workers = local_workers(_folder(state_dir, config), datetime.now(UTC))
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode({"workers": workers})))
    else:
        typer.echo("\n\n".join(describe(workers, datetime.now(UTC))))
    raise typer.Exit(ExitCode.DRAINED if _any_linked(workers) else ExitCode.UNWELL)


def _any_linked(workers: list[LocalWorker]) -> bool:
    return any(each.is_running and each.activity.connected_since is not None for each in workers)


def _folder(state_dir: Path | None, config: Path | None) -> Path:
    # Only the folder counts here, so the rest need not be set.
    rest = {"url": "wss://localhost", "token": "-", "spaces": "any"}
    return gathered({**rest, "state_dir": state_dir}, config).state_dir
