"""The command ``install-service``: a worker that starts with the machine."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final

import typer

from spaces_worker._commands.connection_options import LinkOptions
from spaces_worker._commands.help_texts import paragraphs
from spaces_worker._commands.serve import end
from spaces_worker._commands.typer_helpers import with_groups
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
from spaces_worker._status.log_handlers import configure_logging

SERVICE_HELP: Final = paragraphs("""Install a systemd service that links now and from then on.

What to run stands after --; it is checked and loaded once before anything is written. Settings,
the token among them, and the proxy and certificates of this shell are written to a file that only
its owner can read; the unit holds none of them. With --print, nothing is loaded or written.

A user's service runs while that user is logged in, and after loginctl enable-linger always; one of
the whole machine (--system) always.

Example:

$ spaces-worker install-service --url wss://… --spaces my-space -- run --function my_model.py:answer
""")


@with_groups
def install_service(
    *,
    program: Annotated[
        list[str], typer.Argument(help="What to run: run … or mock-app, after --.", metavar="RUN")
    ],
    name: Annotated[str, typer.Option(help="Name of the service.")] = "spaces-worker",
    system: Annotated[
        bool,
        typer.Option("--system", help="For the whole machine; needs root."),
    ] = False,
    user_name: Annotated[
        str | None,
        typer.Option(help="With --system: whom it runs as. Default: who called sudo, else root."),
    ] = None,
    only_print: Annotated[
        bool, typer.Option("--print", help="Print the unit and do nothing else.")
    ] = False,
    link: LinkOptions,
) -> None:
    """Install a systemd service."""
    configure_logging()
    _must_fit(name, user_name, system=system)
    try:
        program_of(program, sys.executable)
        keys_of(program, os.environ)
        settings = link.settings() if only_print else _loaded(program, link)
        plan = _planned(settings, program, paths_of(name, system=system), user_name)
    except ValueError as error:
        end(str(error), ExitCode.SETTINGS)
    if only_print:
        typer.echo(f"# {plan.places.unit}\n{plan.unit}", nl=False)
        return
    _install(plan)


def _loaded(program: list[str], link: LinkOptions) -> Settings:
    """Return the settings with those that the program's own file declares, once it is checked."""
    from spaces_worker._commands.check_program import load_program, must_link  # noqa: PLC0415 - not to run a worker

    source = load_program(program)
    settings = link.settings(source.declared.settings())
    must_link(source, settings.spaces)
    return settings


def _must_fit(name: str, user_name: str | None, *, system: bool) -> None:
    if not is_name(name):
        end(f"--name: {name!r} is no name of a service.", ExitCode.SETTINGS)
    if user_name is not None and not system:
        end("--user-name goes with --system.", ExitCode.SETTINGS)


@dataclass(frozen=True, slots=True)
class _Plan:
    places: ServicePaths
    unit: str
    variables: str
    user: str | None
    state_dir: Path


def _planned(
    settings: Settings, program: list[str], places: ServicePaths, user_name: str | None
) -> _Plan:
    # The folder of whoever installs is no place for a service that runs as another user.
    own_state = places.system and settings.state_dir == default_state_dir()
    if own_state:
        settings = replace(settings, state_dir=SYSTEM_STATE / places.name)
    user = user_of(user_name, os.environ) if places.system else None
    unit = unit_text(
        program=program_of(program, sys.executable),
        folder=Path.cwd(),
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
        root = " A service of the whole machine needs root." if places.system else ""
        end(f"{error}.{root}", ExitCode.SETTINGS)
    typer.echo(f"Wrote {places.unit}\nWrote {places.variables}, readable for its owner only")
    problem = start_service(places)
    state = state_of(places) if problem is None else None
    typer.echo(start_message(places, problem, state))
    for line in hints(places, plan.user, plan.state_dir):
        typer.echo(line)
    if state not in {None, RUNS}:
        raise typer.Exit(ExitCode.UNWELL)
