"""The command ``mock-app``: connects a simulated model."""

from dataclasses import dataclass
from typing import Final

import click

from spaces_worker._commands.connection_options import ConnectionOptions, OutputOptions
from spaces_worker._commands.help_format import Command
from spaces_worker._commands.mock_model import COMMANDS, MockModel
from spaces_worker._commands.option_groups import Number, option, option_groups
from spaces_worker._commands.serve import end, serve
from spaces_worker._commands.sources import Source
from spaces_worker._exit_codes import ExitCode
from spaces_worker._log import wing_logger

_MODEL: Final = "Simulated model"
_COMMAND_LIST: Final = "\n".join(f"{command:12} {effect}" for command, effect in COMMANDS)
_HELP: Final = f"""\
Connect a simulated model, to try out a space.

It answers after 1 to 5 seconds and reports progress, confidence and token counts. A prompt can
begin with a command:

\b
{_COMMAND_LIST}

Example:

\b
$ spaces-worker mock-app --url wss://… --token wst_… --spaces my-space
"""

_logger: Final = wing_logger(__name__)


@dataclass(frozen=True, slots=True)
class MockOptions:
    """How long the simulated model takes."""

    min_seconds: float = option(
        "--min-seconds",
        heading=_MODEL,
        type=Number(minimum=0),
        metavar="SECONDS",
        default=1.0,
        help="Shortest time to answer. Default: 1.",
    )
    max_seconds: float = option(
        "--max-seconds",
        heading=_MODEL,
        type=Number(minimum=0),
        metavar="SECONDS",
        default=5.0,
        help="Longest time to answer. Default: 5.",
    )

    def source(self) -> Source:
        """Return the model, or end the command with what is wrong."""
        if self.min_seconds > self.max_seconds:
            end(
                f"--min-seconds {self.min_seconds:g} is more than --max-seconds "
                f"{self.max_seconds:g}.",
                ExitCode.SETTINGS,
            )
        return Source(MockModel(self.min_seconds, self.max_seconds))


@click.command(
    "mock-app", cls=Command, help=_HELP, short_help="Connect a simulated model, to try out a space."
)
@option_groups(mock=MockOptions, connection=ConnectionOptions, output=OutputOptions)
def mock_app(*, mock: MockOptions, connection: ConnectionOptions, output: OutputOptions) -> None:
    """Connect a simulated model."""
    output.configure()
    settings = connection.settings()
    source = mock.source()
    known = ", ".join(command for command, _ in COMMANDS)
    _logger.info("Simulating a model. A prompt can begin with %s.", known)
    serve(source, settings)
