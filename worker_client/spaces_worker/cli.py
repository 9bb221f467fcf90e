"""The command ``spaces-worker``."""

from typing import Annotated, Final

import typer

from spaces_worker._commands.doctor import doctor
from spaces_worker._commands.help_flags import Command, Group
from spaces_worker._commands.help_texts import paragraphs
from spaces_worker._commands.install_service import SERVICE_HELP, install_service
from spaces_worker._commands.mock_app import MOCK_HELP, mock_app
from spaces_worker._commands.run import RUN_HELP, run
from spaces_worker._commands.status import status
from spaces_worker._exit_codes import MEANINGS, ExitCode
from spaces_worker._settings import default_config_path
from spaces_worker._version import __version__

__all__ = ["ExitCode", "app"]

_CODES: Final = ", ".join(f"{code.value} {meaning}" for code, meaning in MEANINGS.items())
HELP: Final = paragraphs(f"""Link a program on this machine to spaces of a gateway.

Each option under "Link" may also be a variable (SPACES_URL, SPACES_TOKEN, SPACES_SPACES,
SPACES_WORKER_ID, SPACES_CONCURRENCY, SPACES_STATE_DIR, SPACES_CA_FILE) or stand in the config file
({default_config_path()}, or what --config or SPACES_CONFIG names); options win over variables,
variables over the file. All other options are options only.

Ctrl-C once: finish what runs, take nothing new. Twice: stop now.

Exit codes: {_CODES}; 1 is an error of the program itself.""")

app = typer.Typer(
    name="spaces-worker", cls=Group, help=HELP, no_args_is_help=True, pretty_exceptions_enable=False
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"spaces-worker {__version__}")
        raise typer.Exit


@app.callback()
def main(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Hold what all commands share."""


app.command(cls=Command, help=RUN_HELP)(run)
app.command("mock-app", cls=Command, help=MOCK_HELP)(mock_app)
app.command(cls=Command)(doctor)
app.command(cls=Command)(status)
app.command("install-service", cls=Command, help=SERVICE_HELP)(install_service)
