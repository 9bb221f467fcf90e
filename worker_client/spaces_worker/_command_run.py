"""The command ``run``: links a function, a server or a program."""

import logging
from typing import Final

from spaces_worker._answer_options import (
    ApiKeyVariable,
    CommandText,
    FunctionName,
    Http,
    ModelName,
    OpenAI,
    ParamsFile,
    Silence,
    SystemPrompt,
    Transformers,
)
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
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker._exit_codes import ExitCode
from spaces_worker._help_texts import paragraphs
from spaces_worker._linking import end, gathered, serve
from spaces_worker._sources import Source, SourceOptions, load_source

RUN_HELP: Final = paragraphs("""Link a function, a server or a program: give exactly one of
--function, --openai, --http, --transformers and --command.

Examples:

$ spaces-worker run --function my_model:answer --url wss://… --token wst_… --spaces my-space

$ spaces-worker run --openai http://127.0.0.1:11434/v1 --model llama3.2

$ spaces-worker run --http http://127.0.0.1:8000/predict

$ spaces-worker run --transformers text-generation:./my-model

$ spaces-worker run --command "tesseract {file} stdout" """)

_logger: Final = logging.getLogger(__name__)


def run(
    *,
    function: FunctionName = None,
    openai: OpenAI = None,
    http: Http = None,
    transformers: Transformers = None,
    command: CommandText = None,
    model: ModelName = None,
    system: SystemPrompt = None,
    api_key_variable: ApiKeyVariable = None,
    silence: Silence = None,
    params: ParamsFile = None,
    url: Url = None,
    token: Token = None,
    spaces: Spaces = None,
    worker_id: WorkerId = None,
    concurrency: Concurrency = None,
    state_dir: StateDir = None,
    ca_file: CaFile = None,
    config: Config = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Link a function, a server or a program."""
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
    options = SourceOptions(
        function=function,
        openai=openai,
        http=http,
        transformers=transformers,
        command=command,
        model=model,
        system=system,
        api_key_variable=api_key_variable,
        params=params,
        silence=silence,
    )
    if function is None:  # a file may say settings of its own; else a wrong one is said at once
        gathered(link, config)
    source = _loaded(options)
    serve(source, gathered(link, config, source.declared.settings()))


def _loaded(options: SourceOptions) -> Source:
    try:
        return load_source(options)
    except SettingsError as error:
        end(str(error), ExitCode.SETTINGS)
    except FunctionError as error:
        if error.__cause__ is not None:
            _logger.debug("The cause:", exc_info=error.__cause__)
        end(str(error), ExitCode.FUNCTION)
