"""The command ``doctor``: says what keeps a worker from its gateway, and what to do."""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer

from spaces_worker._commands.connection_options import LinkOptions
from spaces_worker._commands.typer_helpers import with_groups
from spaces_worker._doctor.checks import (
    Check,
    CheckStatus,
    Report,
    lines_of,
    report_of,
    wants_colour,
)
from spaces_worker._errors import SettingsError
from spaces_worker._exit_codes import ExitCode
from spaces_worker._settings import Settings, load_settings


@with_groups
def doctor(
    *,
    link: LinkOptions,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check settings, network, clock and token, and say what to do.

    It takes no place in a space: a worker that runs with the same name goes on.
    """
    try:
        settings = load_settings(link.given(), config=link.config)
    except SettingsError as error:
        report = report_of([Check("settings", CheckStatus.FAILED, str(error))])
        _print(report, as_json=as_json)
        raise typer.Exit(ExitCode.SETTINGS) from None
    report = asyncio.run(_examined(settings, as_json=as_json))
    if as_json:
        _print(report, as_json=True)
    raise typer.Exit(ExitCode.DRAINED if report.ok else ExitCode.UNWELL)


async def _examined(settings: Settings, *, as_json: bool) -> Report:
    from spaces_worker._doctor.examine import examine  # noqa: PLC0415 - a worker that runs needs no doctor

    findings = []
    async for finding in examine(settings):
        findings.append(finding)
        if not as_json:
            _print(report_of([finding]), as_json=False)
    return report_of(findings)


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(report)))
        return
    for finding in report.checks:
        for line in lines_of(finding, colour=wants_colour(sys.stdout)):
            typer.echo(line)
