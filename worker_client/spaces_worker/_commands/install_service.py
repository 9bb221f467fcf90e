"""The command ``install-service``: runs a worker as a systemd service."""

import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from spaces_worker._commands.check_program import load_program, must_serve
from spaces_worker._commands.connection_options import ConnectionOptions
from spaces_worker._commands.help_format import Command
from spaces_worker._commands.option_groups import option, option_groups
from spaces_worker._commands.serve import end, working_folder
from spaces_worker._exit_codes import ExitCode
from spaces_worker._service.report import RUNS, hints, start_message
from spaces_worker._service.systemd import (
    SYSTEM_STATE,
    ServicePaths,
    paths_of,
    start_service,
    state_of,
    user_of,
    write_service,
)
from spaces_worker._service.unit import (
    is_name,
    keys_of,
    program_of,
    service_variables,
    unit_text,
    variables_text,
)
from spaces_worker._settings import Settings, default_state_dir

_SERVICE: Final = "Service"
_HELP: Final = """\
Install a systemd service that runs a worker.

Write the command to run after --. It is checked, and its model loaded once, before anything is
written. The settings, including the token, and the proxy and certificate variables of this shell
are written to a file that only its owner can read, never to the unit.

A user's service runs while that user is logged in, or always after loginctl enable-linger. A
service for the whole machine (--system) always runs.

Example:

\b
$ spaces-worker install-service -- run --function my_model.py:answer
"""


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """Which service to install."""

    name: str = option(
        "--name",
        heading=_SERVICE,
        metavar="NAME",
        default="spaces-worker",
        help="Name of the service. Default: spaces-worker.",
    )
    system: bool = option(
        "--system",
        heading=_SERVICE,
        is_flag=True,
        default=False,
        help="Install it for the whole machine; needs root.",
    )
    user_name: str | None = option(
        "--user-name",
        heading=_SERVICE,
        metavar="USER",
        help="With --system: the user to run as. Default: the user who called sudo, or root.",
    )
    only_print: bool = option(
        "--print",
        heading=_SERVICE,
        is_flag=True,
        default=False,
        help="Print the unit; load, write and start nothing.",
    )


@click.command(
    "install-service",
    cls=Command,
    help=_HELP,
    short_help="Install a systemd service that runs a worker.",
    context_settings={"allow_interspersed_args": False},  # what follows the program is its own
)
@click.argument("program", nargs=-1, required=True, metavar="-- COMMAND...")
@option_groups(service=ServiceOptions, connection=ConnectionOptions)
def install_service(
    *, program: tuple[str, ...], service: ServiceOptions, connection: ConnectionOptions
) -> None:
    """Install a systemd service."""
    _must_fit(service)
    folder = working_folder()
    try:
        program_of(program, sys.executable)
        keys_of(program, os.environ)
        settings = (
            connection.settings() if service.only_print else _loaded(program, connection, folder)
        )
        places = paths_of(service.name, system=service.system)
        plan = _planned(settings, program, folder, places, service.user_name)
    except ValueError as error:
        end(str(error), ExitCode.SETTINGS)
    if service.only_print:
        click.echo(f"# {plan.places.unit}\n{plan.unit}", nl=False)
        return
    _install(plan)


def _loaded(program: Sequence[str], connection: ConnectionOptions, folder: Path) -> Settings:
    """Check the program and return its settings, including those declared in its file."""
    source = load_program(program)
    with contextlib.chdir(folder):  # the user's file may have changed it
        settings = connection.settings(source.declared.settings())
    must_serve(source, settings.spaces)
    return settings


def _must_fit(service: ServiceOptions) -> None:
    if not is_name(service.name):
        end(
            f"--name: {service.name!r} is not a valid name: use letters, digits, - and _.",
            ExitCode.SETTINGS,
        )
    if service.user_name is not None and not service.system:
        end("--user-name needs --system.", ExitCode.SETTINGS)


@dataclass(frozen=True, slots=True)
class _Plan:
    places: ServicePaths
    unit: str
    variables: str
    user: str | None
    state_dir: Path


def _planned(
    settings: Settings,
    program: Sequence[str],
    folder: Path,
    places: ServicePaths,
    user_name: str | None,
) -> _Plan:
    # A service that runs as another user cannot use the state folder of the installing user.
    own_state = places.system and settings.state_dir == default_state_dir()
    if own_state:
        settings = replace(settings, state_dir=SYSTEM_STATE / places.name)
    user = user_of(user_name, os.environ) if places.system else None
    unit = unit_text(
        program=program_of(program, sys.executable),
        folder=folder,
        variables=places.variables,
        description=f"Worker {settings.worker_id} of WebSocket Spaces",
        system=places.system,
        user=user,
        state=places.name if own_state else None,
    )
    variables = variables_text(service_variables(settings, program, os.environ))
    return _Plan(places, unit, variables, user, settings.state_dir)


def _install(plan: _Plan) -> None:
    places = plan.places
    try:
        write_service(places, plan.unit, plan.variables)
    except OSError as error:
        root = " Installing a service for the whole machine needs root." if places.system else ""
        end(f"{error}.{root}", ExitCode.SETTINGS)
    click.echo(f"Wrote {places.unit}\nWrote {places.variables}, readable only by its owner")
    problem = start_service(places)
    state = state_of(places) if problem is None else None
    click.echo(start_message(places, problem, state))
    for line in hints(places, plan.user, plan.state_dir):
        click.echo(line)
    if state not in {None, RUNS}:
        raise click.exceptions.Exit(ExitCode.UNWELL)
