"""The command ``mock-app``: links a simulated model."""

import logging
from typing import Annotated, Final

import typer

from spaces_worker._command_options import (
    AsJson,
    CaFile,
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
from spaces_worker._linking import gathered, serve
from spaces_worker._mock_model import COMMANDS, MockModel
from spaces_worker._sources import Source

_COMMAND_LIST: Final = "\n\n".join(f"  {command:12} {effect}" for command, effect in COMMANDS)
MOCK_HELP: Final = f"""Link a simulated model: 1 to 5 s, with progress, confidence and token counts.

A prompt may begin with a command:

{_COMMAND_LIST}

Example:

$ spaces-worker mock-app --url wss://… --token wst_… --spaces my-space"""

_logger: Final = logging.getLogger(__name__)


def mock_app(
    *,
    url: Url = None,
    token: Token = None,
    spaces: Spaces = None,
    worker_id: WorkerId = None,
    concurrency: Concurrency = None,
    state_dir: StateDir = None,
    ca_file: CaFile = None,
    config: Config = None,
    min_seconds: Annotated[float, typer.Option(help="Least time that an answer takes.")] = 1.0,
    max_seconds: Annotated[float, typer.Option(help="Most time that an answer takes.")] = 5.0,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Link a simulated model."""
    configure_logging(as_json=as_json, verbose=verbose)
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
    known = ", ".join(command for command, _ in COMMANDS)
    _logger.info("Simulating a model. A prompt may begin with %s.", known)
    serve(Source(MockModel(min_seconds, max_seconds)), settings)
