"""The command ``mock-app``: links a simulated model."""

from dataclasses import dataclass
from typing import Annotated, Final

import typer

from spaces_worker._commands.connection_options import LinkOptions, OutputOptions
from spaces_worker._commands.help_texts import paragraphs
from spaces_worker._commands.mock_model import COMMANDS, MockModel
from spaces_worker._commands.serve import end, serve
from spaces_worker._commands.sources import Source
from spaces_worker._commands.typer_helpers import with_groups
from spaces_worker._exit_codes import ExitCode
from spaces_worker._log import wing_logger

_COMMAND_LIST: Final = "\n".join(f"  {command:12} {effect}" for command, effect in COMMANDS)
MOCK_HELP: Final = paragraphs(f"""Link a simulated model: 1 to 5 s, with progress, confidence and
token counts.

A prompt may begin with a command:

{_COMMAND_LIST}

Example:

$ spaces-worker mock-app --url wss://… --token wst_… --spaces my-space""")

_logger: Final = wing_logger(__name__)


@dataclass(frozen=True, slots=True)
class MockOptions:
    """How long the simulated model takes."""

    min_seconds: Annotated[float, typer.Option(help="Least time that an answer takes.", min=0)] = (
        1.0
    )
    max_seconds: Annotated[float, typer.Option(help="Most time that an answer takes.", min=0)] = 5.0

    def source(self) -> Source:
        """Return the model, or end the command with what is wrong."""
        if self.min_seconds > self.max_seconds:
            end(
                f"--min-seconds {self.min_seconds:g} is more than --max-seconds "
                f"{self.max_seconds:g}.",
                ExitCode.SETTINGS,
            )
        return Source(MockModel(self.min_seconds, self.max_seconds))


@with_groups
def mock_app(*, mock: MockOptions, link: LinkOptions, output: OutputOptions) -> None:
    """Link a simulated model."""
    output.configure()
    settings = link.settings()
    source = mock.source()
    known = ", ".join(command for command, _ in COMMANDS)
    _logger.info("Simulating a model. A prompt may begin with %s.", known)
    serve(source, settings)
