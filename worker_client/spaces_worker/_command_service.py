"""The command ``install-service``: a worker that starts with the machine."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from spaces_worker._command_options import (
    CaFile,
    Concurrency,
    Config,
    Spaces,
    StateDir,
    Token,
    Url,
    WorkerId,
)
from spaces_worker._console import configure_logging
from spaces_worker._exit_codes import ExitCode
from spaces_worker._help_texts import paragraphs
from spaces_worker._linking import end, gathered
from spaces_worker._service_files import ServicePlaces, places_of, start_service, write_service
from spaces_worker._service_unit import is_name, program_of, unit_text, variables_of, variables_text

SERVICE_HELP: Final = paragraphs("""Install a systemd service that links now and at each start.

What to run stands after --. Settings, the token among them, are written to a file that only its
owner can read; the unit holds none of them. With --print, nothing is written.

Example:

$ spaces-worker install-service --url wss://… --spaces my-space -- run --function my_model.py:answer
""")


def install_service(
    *,
    program: Annotated[
        list[str], typer.Argument(help="What to run: run … or mock-app, after --.", metavar="RUN")
    ],
    name: Annotated[str, typer.Option(help="Name of the service.")] = "spaces-worker",
    system: Annotated[
        bool, typer.Option("--system", help="For the whole machine; needs root.")
    ] = False,
    only_print: Annotated[
        bool, typer.Option("--print", help="Print the unit and do nothing else.")
    ] = False,
    url: Url = None,
    token: Token = None,
    spaces: Spaces = None,
    worker_id: WorkerId = None,
    concurrency: Concurrency = None,
    state_dir: StateDir = None,
    ca_file: CaFile = None,
    config: Config = None,
) -> None:
    """Install a systemd service."""
    configure_logging()
    if not is_name(name):
        end(f"--name: {name!r} is no name of a service.", ExitCode.SETTINGS)
    link = {
        "url": url,
        "token": token,
        "spaces": spaces,
        "worker_id": worker_id,
        "concurrency": concurrency,
        "state_dir": state_dir,
        "ca_file": ca_file,
    }
    settings = gathered(link, config)
    try:
        command = program_of(program, sys.executable)
        variables = variables_of(settings, program, os.environ)
    except ValueError as error:
        end(str(error), ExitCode.SETTINGS)
    places = places_of(name, system=system)
    unit = unit_text(
        program=command,
        folder=Path.cwd(),
        variables=places.variables,
        description=f"Worker {settings.worker_id} of WebSocket Spaces",
        system=system,
    )
    if only_print:
        typer.echo(f"# {places.unit}\n{unit}", nl=False)
        return
    _install(places, unit, variables_text(variables))


def _install(places: ServicePlaces, unit: str, variables: str) -> None:
    try:
        write_service(places, unit, variables)
    except OSError as error:
        end(f"{error}. A service of the whole machine needs root.", ExitCode.SETTINGS)
    typer.echo(f"Wrote {places.unit}\nWrote {places.variables}, readable for its owner only")
    problem = start_service(places)
    start = " ".join(places.systemctl("enable", "--now", places.name))
    typer.echo("It runs." if problem is None else f"Not started ({problem}). Start it: {start}")
    for line in _hints(places):
        typer.echo(line)


def _hints(places: ServicePlaces) -> list[str]:
    user = "" if places.system else "--user "
    stay = [] if places.system else ["Stay after logout: loginctl enable-linger"]
    remove = " ".join(places.systemctl("disable", "--now", places.name))
    return [
        f"Log:       journalctl {user}--unit {places.name} --follow",
        *stay,
        f"Uninstall: {remove}; rm {places.unit} {places.variables}",
    ]
