"""The command ``spaces-worker``."""

import logging
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from spaces_worker._command_options import (
    AsJson,
    Concurrency,
    Config,
    Spaces,
    StateDir,
    Token,
    Url,
    Verbose,
    WorkerId,
)
from spaces_worker._console import configure_logging
from spaces_worker._engine import Ending
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker._functions import Function
from spaces_worker._load_function import load_function
from spaces_worker._mock_model import COMMANDS, MockModel
from spaces_worker._settings import Settings, default_config_path, load_settings
from spaces_worker._version import __version__
from spaces_worker._worker import Worker


class ExitCode(IntEnum):
    """Exit codes of all commands; 1 is an error of the program itself."""

    DRAINED = 0
    SETTINGS = 2
    FUNCTION = 3
    STOPPED = 130


def _paragraphs(text: str) -> str:
    """Join the lines of each paragraph: the terminal's width decides where they break."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


HELP: Final = _paragraphs(f"""Link a program on this machine to spaces of a gateway.

Each option may also be a variable (SPACES_URL, SPACES_TOKEN, SPACES_SPACES, SPACES_WORKER_ID,
SPACES_CONCURRENCY, SPACES_STATE_DIR) or stand in the config file ({default_config_path()});
options win over variables, variables over the file.

Ctrl-C once: finish what runs, take nothing new. Twice: stop now.

Exit codes: 0 finished, 1 error of the program itself, 2 wrong options or settings, 3 the function
cannot be loaded, 130 stopped by the second Ctrl-C.""")

RUN_HELP: Final = _paragraphs("""Link a Python function.

It takes (prompt), (context) or (prompt, context), is plain, async or a generator, and returns a
text, a dict or a spaces_worker.Result.

Examples:

$ spaces-worker run --function my_model:answer --url wss://… --token wst_… --spaces my-space

$ SPACES_TOKEN=wst_… spaces-worker run --function ./chat.py:chat --url wss://… --spaces a,b""")

_COMMAND_LIST: Final = "\n\n".join(f"  {command:12} {effect}" for command, effect in COMMANDS)
MOCK_HELP: Final = f"""Link a simulated model: 1 to 5 s, with progress, confidence and token counts.

A prompt may begin with a command:

{_COMMAND_LIST}

Example:

$ spaces-worker mock-app --url wss://… --token wst_… --spaces my-space"""

app = typer.Typer(
    name="spaces-worker", help=HELP, no_args_is_help=True, pretty_exceptions_enable=False
)
_logger: Final = logging.getLogger(__name__)


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
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Hold what all commands share."""


@app.command(help=RUN_HELP)
def run(
    *,
    function: Annotated[
        str, typer.Option("--function", help="module:function or path/to/file.py:function")
    ],
    url: Url = None,
    token: Token = None,
    spaces: Spaces = None,
    worker_id: WorkerId = None,
    concurrency: Concurrency = None,
    state_dir: StateDir = None,
    config: Config = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Link a Python function."""
    configure_logging(as_json=as_json, verbose=verbose)
    settings = _settings(
        {
            "url": url,
            "token": token,
            "spaces": spaces,
            "worker_id": worker_id,
            "concurrency": concurrency,
            "state_dir": state_dir,
        },
        config,
    )
    try:
        _serve(load_function(function), settings)
    except FunctionError as error:
        if error.__cause__ is not None:
            _logger.debug("The cause:", exc_info=error.__cause__)
        _end(str(error), ExitCode.FUNCTION)


@app.command("mock-app", help=MOCK_HELP)
def mock_app(
    *,
    url: Url = None,
    token: Token = None,
    spaces: Spaces = None,
    worker_id: WorkerId = None,
    concurrency: Concurrency = None,
    state_dir: StateDir = None,
    config: Config = None,
    min_seconds: Annotated[float, typer.Option(help="Least time that an answer takes.")] = 1.0,
    max_seconds: Annotated[float, typer.Option(help="Most time that an answer takes.")] = 5.0,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Link a simulated model."""
    configure_logging(as_json=as_json, verbose=verbose)
    settings = _settings(
        {
            "url": url,
            "token": token,
            "spaces": spaces,
            "worker_id": worker_id,
            "concurrency": concurrency,
            "state_dir": state_dir,
        },
        config,
    )
    known = ", ".join(command for command, _ in COMMANDS)
    _logger.info("Simulating a model. A prompt may begin with %s.", known)
    _serve(MockModel(min_seconds, max_seconds), settings)


def _settings(options: Mapping[str, object], config: Path | None) -> Settings:
    try:
        return load_settings(options, config=config)
    except SettingsError as error:
        _end(str(error), ExitCode.SETTINGS)


def _serve(function: Function, settings: Settings) -> None:
    worker = Worker.from_settings(settings)
    worker.space(*settings.spaces)(function)
    ending = worker.run()
    raise typer.Exit(ExitCode.STOPPED if ending is Ending.STOPPED else ExitCode.DRAINED)


def _end(text: str, code: ExitCode) -> NoReturn:
    _logger.error("%s", text)
    raise typer.Exit(code)
