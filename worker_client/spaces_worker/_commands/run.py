"""The command ``run``: connects a function, a server or a program."""

import contextlib
from typing import Final

import click

from spaces_worker._commands.connection_options import ConnectionOptions, OutputOptions
from spaces_worker._commands.help_format import Command
from spaces_worker._commands.option_groups import option_groups
from spaces_worker._commands.serve import end, serve, working_folder
from spaces_worker._commands.source_options import SourceOptions
from spaces_worker._commands.sources import Source, load_source
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker._exit_codes import ExitCode
from spaces_worker._log import wing_logger

_HELP: Final = """\
Connect a function, a server or a program.

Examples, with SPACES_URL, SPACES_TOKEN and SPACES_SPACES set:

\b
$ spaces-worker run --function my_model.py:answer
$ spaces-worker run --openai http://127.0.0.1:11434/v1 --model llama3.2
$ spaces-worker run --http http://127.0.0.1:8000/predict
$ spaces-worker run --transformers text-generation:./my-model
$ spaces-worker run --command "tesseract {file} stdout" --accept "image/*"
"""

_logger: Final = wing_logger(__name__)


@click.command(
    "run", cls=Command, help=_HELP, short_help="Connect a function, a server or a program."
)
@option_groups(source=SourceOptions, connection=ConnectionOptions, output=OutputOptions)
def run(*, source: SourceOptions, connection: ConnectionOptions, output: OutputOptions) -> None:
    """Connect a function, a server or a program."""
    output.configure()
    if source.function is None:  # only a Python file can declare settings
        connection.settings()
    folder = working_folder()
    model = loaded(source)
    with contextlib.chdir(folder):  # the user's file may have changed it; paths are relative to it
        settings = connection.settings(model.declared.settings())
    serve(model, settings)


def loaded(options: SourceOptions) -> Source:
    """Return what the options name, or end the command with what is wrong."""
    try:
        return load_source(options)
    except SettingsError as error:
        end(str(error), ExitCode.SETTINGS)
    except FunctionError as error:
        if error.__cause__ is not None:
            _logger.debug("The cause:", exc_info=error.__cause__)
        end(str(error), ExitCode.FUNCTION)
    except KeyboardInterrupt:
        raise click.exceptions.Exit(ExitCode.STOPPED) from None
