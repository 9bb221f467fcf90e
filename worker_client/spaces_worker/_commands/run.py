"""The command ``run``: links a function, a server or a program."""

from typing import Final

from spaces_worker._commands.connection_options import LinkOptions, OutputOptions
from spaces_worker._commands.help_texts import paragraphs
from spaces_worker._commands.serve import end, serve
from spaces_worker._commands.source_options import SourceOptions
from spaces_worker._commands.sources import Source, load_source
from spaces_worker._commands.typer_helpers import with_groups
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker._exit_codes import ExitCode
from spaces_worker._log import wing_logger

RUN_HELP: Final = paragraphs("""Link a function, a server or a program: give exactly one of
--function, --openai, --http, --transformers and --command.

Examples:

  $ spaces-worker run --function my_model:answer --url wss://… --token wst_… --spaces my-space
  $ spaces-worker run --openai http://127.0.0.1:11434/v1 --model llama3.2
  $ spaces-worker run --http http://127.0.0.1:8000/predict
  $ spaces-worker run --transformers text-generation:./my-model
  $ spaces-worker run --command "tesseract {file} stdout"
""")

_logger: Final = wing_logger(__name__)


@with_groups
def run(*, source: SourceOptions, link: LinkOptions, output: OutputOptions) -> None:
    """Link a function, a server or a program."""
    output.configure()
    if source.function is None:  # only a file may say settings of its own
        link.settings()
    answers = loaded(source)
    serve(answers, link.settings(answers.declared.settings()))


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
