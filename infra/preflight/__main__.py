"""Say before a deployment what would stop or hinder it. Nothing is created or changed.

Choose the account and region as for the AWS CLI, with AWS_PROFILE and AWS_REGION.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from infra.admin.stage_clients import EXPECTED, run
from infra.admin.terminal_text import shown
from infra.local.cloud import DEFAULT_PORT, local_cloud
from infra.preflight.account import account_of, account_on_aws
from infra.preflight.lines import Level, Line
from infra.preflight.name_checks import template_names
from infra.preflight.report import check_deployment, exit_code
from infra.project import PROJECT_FOLDER
from infra.settings import InvalidSettings, Settings, settings_from_context

_MARKS: Final[Mapping[Level, str]] = MappingProxyType(
    {
        Level.OK: "[green]ok[/]      ",
        Level.WARNING: "[yellow]warning[/] ",
        Level.BLOCKS: "[red]blocks[/]  ",
        Level.UNKNOWN: "[dim]unknown[/] ",
    }
)
_NAME_WIDTH: Final = 20

app = typer.Typer(add_completion=False, help=__doc__)
console = Console(highlight=False, soft_wrap=True)


@app.command(help=__doc__)
def preflight(
    *,
    stage: Annotated[str, typer.Option(help="The stage to deploy, as in cdk.json.")] = "dev",
    port: Annotated[
        int, typer.Option(help="Port of the local cloud, for the stage local.")
    ] = DEFAULT_PORT,
) -> None:
    """Check everything; exit with 1 if something blocks the deployment."""
    settings, context = read_stage(stage, port)
    account = account_of(local_cloud(port)) if settings.local else account_on_aws()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="preflight-") as folder:
        for line in check_deployment(
            account, settings, lambda: template_names(context, account.region, Path(folder))
        ):
            lines.append(line)
            print_line(line)
    print_sum(settings, lines)
    raise typer.Exit(exit_code(lines))


def read_stage(stage: str, port: int) -> tuple[Settings, dict[str, Any]]:
    """Return a stage's settings, and the CDK context that selects it."""
    context: dict[str, Any] = json.loads((PROJECT_FOLDER / "cdk.json").read_text("utf-8"))[
        "context"
    ]
    context |= {"stage": stage, "emulator_port": port}
    return settings_from_context(context), context


def print_line(line: Line) -> None:
    """Print a line, and below it what to do."""
    console.print(f"{_MARKS[line.level]} {line.name:<{_NAME_WIDTH}} {shown(line.text)}")
    if line.remedy:
        console.print(f"{'':<9}{'':<{_NAME_WIDTH}} → {shown(line.remedy)}")


def print_sum(settings: Settings, lines: list[Line]) -> None:
    """Print how many lines there are of each kind, and what comes next."""
    count = {level: sum(line.level is level for line in lines) for level in Level}
    console.print(", ".join(f"{number} {level}" for level, number in count.items() if number))
    if exit_code(lines):
        console.print("Resolve what blocks, then run this again.")
    elif not settings.local:
        console.print(f"Next: make deploy STAGE={settings.stage}")


if __name__ == "__main__":
    run(app, InvalidSettings, *EXPECTED)
