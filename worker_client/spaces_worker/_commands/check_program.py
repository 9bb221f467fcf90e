"""Loads the model of a service in advance, as the service's own command would."""

from collections.abc import Sequence

from spaces_worker._commands.mock_app import MockOptions, mock_app
from spaces_worker._commands.option_groups import collect
from spaces_worker._commands.run import loaded, run
from spaces_worker._commands.serve import end
from spaces_worker._commands.source_options import SourceOptions
from spaces_worker._commands.sources import Source
from spaces_worker._errors import FunctionError
from spaces_worker._exit_codes import ExitCode


def load_program(arguments: Sequence[str]) -> Source:
    """Parse a ``run`` or ``mock-app`` command and load its model, or end with what is wrong."""
    command = run if arguments[0] == run.name else mock_app
    name = f"spaces-worker {command.name}"
    with command.make_context(name, list(arguments[1:])) as context:
        if command is run:
            return loaded(collect(SourceOptions, context.params))
        return collect(MockOptions, context.params).source()


def must_serve(source: Source, spaces: Sequence[str]) -> None:
    """End the command unless the model serves each space."""
    try:
        source.registered(spaces)
    except FunctionError as error:
        end(str(error), ExitCode.FUNCTION)
