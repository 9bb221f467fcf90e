"""The command ``doctor``: finds what keeps a worker from its gateway, and says what to do."""

import asyncio
import sys
from typing import Final

import click
import msgspec

from spaces_worker._commands.connection_options import ConnectionOptions, ReportOptions
from spaces_worker._commands.help_format import Command
from spaces_worker._commands.option_groups import option_groups
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

_HELP: Final = """\
Check the settings, network, clock and token, and say what to do.

It does not disturb a running worker, even one with the same name.
"""


@click.command(
    "doctor",
    cls=Command,
    help=_HELP,
    short_help="Check the settings, network, clock and token, and say what to do.",
)
@option_groups(connection=ConnectionOptions, report=ReportOptions)
def doctor(*, connection: ConnectionOptions, report: ReportOptions) -> None:
    """Check what a worker needs to connect."""
    as_json = report.as_json
    try:
        settings = load_settings(connection.given(), config=connection.config)
    except SettingsError as error:
        found = report_of([Check("settings", CheckStatus.FAILED, str(error))])
        _print(found, as_json=as_json)
        raise click.exceptions.Exit(ExitCode.SETTINGS) from None
    found = asyncio.run(_examined(settings, as_json=as_json))
    if as_json:
        _print(found, as_json=True)
    raise click.exceptions.Exit(ExitCode.DRAINED if found.ok else ExitCode.UNWELL)


async def _examined(settings: Settings, *, as_json: bool) -> Report:
    from spaces_worker._doctor.examine import examine  # noqa: PLC0415 - only doctor needs it

    findings = []
    async for finding in examine(settings):
        findings.append(finding)
        if not as_json:
            _print(report_of([finding]), as_json=False)
    return report_of(findings)


def _print(found: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)))
        return
    for finding in found.checks:
        for line in lines_of(finding, colour=wants_colour(sys.stdout)):
            click.echo(line)
