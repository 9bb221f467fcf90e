"""What the commands that run a worker share: gathering settings, serving, exit codes."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

import click

from spaces_worker._commands.help_format import styled
from spaces_worker._commands.sources import Source
from spaces_worker._engine import Ending
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker._exit_codes import ExitCode
from spaces_worker._log import wing_logger
from spaces_worker._settings import Settings, load_settings
from spaces_worker._status.terminal_output import drop_lost_output
from spaces_worker._worker import Worker

_logger: Final = wing_logger(__name__)


def gathered(
    options: Mapping[str, object],
    config: Path | None,
    declared: Mapping[str, object] | None = None,
) -> Settings:
    """Return the settings, or end the command with what is wrong."""
    try:
        return load_settings(options, config=config, declared=declared)
    except SettingsError as error:
        end(str(error), ExitCode.SETTINGS)


def serve(source: Source, settings: Settings) -> NoReturn:
    """Serve until drained or stopped, then end the command with the matching exit code."""
    try:
        functions = source.registered(settings.spaces)
        worker = Worker() if source.worker is None else source.worker
        os.environ.pop("SPACES_TOKEN", None)  # programs that a function starts do not need it
        watched = sys.stderr is not None and sys.stderr.isatty()
        ending = worker.configured(settings, functions, watched=watched).run()
    except FunctionError as error:
        end(str(error), ExitCode.FUNCTION)
    except SettingsError as error:
        end(str(error), ExitCode.SETTINGS)
    drop_lost_output()
    raise click.exceptions.Exit(ExitCode.STOPPED if ending is Ending.STOPPED else ExitCode.DRAINED)


def end(text: str, code: ExitCode) -> NoReturn:
    """Say what is wrong, in the log of a command that has one, and end the command."""
    if _logger.hasHandlers():
        _logger.error("%s", text)
    else:
        click.echo(styled(f"Error: {text}", fg="red"), err=True)
    raise click.exceptions.Exit(code)


def working_folder() -> Path:
    """Return the current folder, or end the command if it was removed."""
    try:
        return Path.cwd()
    except OSError as error:
        end(
            f"The current folder cannot be used: {error}. Change to another one.", ExitCode.SETTINGS
        )
