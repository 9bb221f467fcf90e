"""Loads what a service shall run, as the command that it runs would load it."""

from collections.abc import Sequence

import typer
from typer.main import get_command

from spaces_worker._commands.connection_options import LinkOptions, OutputOptions
from spaces_worker._commands.help_flags import Command
from spaces_worker._commands.mock_app import MockOptions
from spaces_worker._commands.run import loaded
from spaces_worker._commands.serve import end
from spaces_worker._commands.source_options import SourceOptions
from spaces_worker._commands.sources import Source
from spaces_worker._commands.typer_helpers import with_groups
from spaces_worker._errors import FunctionError
from spaces_worker._exit_codes import ExitCode

_checks = typer.Typer(name="spaces-worker", add_completion=False)


def load_program(arguments: Sequence[str]) -> Source:
    """Read the options and load what answers, or end the command with what is wrong."""
    source = get_command(_checks).main(
        list(arguments), prog_name="spaces-worker", standalone_mode=False
    )
    if isinstance(source, Source):
        return source
    raise typer.Exit(source)  # it ended: with a fault, or having shown its help


def must_link(source: Source, spaces: Sequence[str]) -> None:
    """End the command unless something answers in each space."""
    try:
        source.linked(spaces)
    except FunctionError as error:
        end(str(error), ExitCode.FUNCTION)


@_checks.command("run", cls=Command)
@with_groups
def _run(*, source: SourceOptions, link: LinkOptions, output: OutputOptions) -> Source:  # noqa: ARG001 - read, not used
    return loaded(source)


@_checks.command("mock-app", cls=Command)
@with_groups
def _mock_app(*, mock: MockOptions, link: LinkOptions, output: OutputOptions) -> Source:  # noqa: ARG001 - as above
    return mock.source()
