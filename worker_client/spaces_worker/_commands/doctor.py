"""The command ``doctor``: says what keeps a worker from its gateway, and what to do."""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer

from spaces_worker._commands.connection_options import LinkOptions
from spaces_worker._commands.typer_helpers import with_groups
from spaces_worker._doctor.checks import (
    Diagnosis,
    Finding,
    Health,
    diagnosis_of,
    lines_of,
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
        diagnosis = diagnosis_of([Finding("settings", Health.FAILED, str(error))])
        _print(diagnosis, as_json=as_json)
        raise typer.Exit(ExitCode.SETTINGS) from None
    diagnosis = asyncio.run(_examined(settings, as_json=as_json))
    if as_json:
        _print(diagnosis, as_json=True)
    raise typer.Exit(ExitCode.DRAINED if diagnosis.ok else ExitCode.UNWELL)


async def _examined(settings: Settings, *, as_json: bool) -> Diagnosis:
    from spaces_worker._doctor.examine import examine  # noqa: PLC0415 - a worker that runs needs no doctor

    findings = []
    async for finding in examine(settings):
        findings.append(finding)
        if not as_json:
            _print(diagnosis_of([finding]), as_json=False)
    return diagnosis_of(findings)


def _print(diagnosis: Diagnosis, *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(diagnosis)))
        return
    for finding in diagnosis.checks:
        for line in lines_of(finding, colour=wants_colour(sys.stdout)):
            typer.echo(line)
