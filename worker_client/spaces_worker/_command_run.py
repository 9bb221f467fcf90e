"""The commands that link: ``run`` for real programs, ``mock-app`` for a simulated one."""

import logging
from pathlib import Path
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
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker._exit_codes import ExitCode
from spaces_worker._help_texts import paragraphs
from spaces_worker._linking import end, gathered, serve
from spaces_worker._mock_model import COMMANDS, MockModel
from spaces_worker._sources import Source, SourceOptions, load_source

RUN_HELP: Final = paragraphs("""Link a function, a server or a program: give exactly one of
--function, --openai, --http, --transformers and --command.

Examples:

$ spaces-worker run --function my_model:answer --url wss://… --token wst_… --spaces my-space

$ spaces-worker run --openai http://127.0.0.1:11434/v1 --model llama3.2

$ spaces-worker run --http http://127.0.0.1:8000/predict

$ spaces-worker run --transformers text-generation:./my-model

$ spaces-worker run --command "tesseract {file} stdout" """)

_COMMAND_LIST: Final = "\n\n".join(f"  {command:12} {effect}" for command, effect in COMMANDS)
MOCK_HELP: Final = f"""Link a simulated model: 1 to 5 s, with progress, confidence and token counts.

A prompt may begin with a command:

{_COMMAND_LIST}

Example:

$ spaces-worker mock-app --url wss://… --token wst_… --spaces my-space"""

_ANSWERS: Final = "What answers"
_logger: Final = logging.getLogger(__name__)


def run(
    *,
    function: Annotated[
        str | None,
        typer.Option(
            help="A Python function: module:function or path/to/file.py:function.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None,
    openai: Annotated[
        str | None,
        typer.Option(
            help="Address of a server of chat completions, up to /v1: Ollama, vLLM, llama.cpp.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None,
    http: Annotated[
        str | None,
        typer.Option(help="Address that takes a POST of JSON.", rich_help_panel=_ANSWERS),
    ] = None,
    transformers: Annotated[
        str | None,
        typer.Option(
            help="TASK:PATH of a pipeline, such as text-generation:./my-model.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None,
    command: Annotated[
        str | None,
        typer.Option(
            help="A program with arguments; {prompt_file}, {params_file}, {output_dir}, {file} "
            "and {files} are filled in.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="With --openai: name of the model.", rich_help_panel=_ANSWERS),
    ] = None,
    system: Annotated[
        str | None,
        typer.Option(help="With --openai: a system prompt.", rich_help_panel=_ANSWERS),
    ] = None,
    api_key_variable: Annotated[
        str | None,
        typer.Option(
            help="With --openai or --http: name of the variable that holds the server's key.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None,
    silence: Annotated[
        float | None,
        typer.Option(
            help="With --openai or --http: seconds without a byte after which a request fails. "
            "By default only the space's own limit counts.",
            min=1,
            rich_help_panel=_ANSWERS,
        ),
    ] = None,
    params: Annotated[
        Path | None,
        typer.Option(
            help="File with a JSON Schema of the further inputs; the page builds a form from it.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None,
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
    settings = gathered(link, config)
    serve(_loaded(options), settings)


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


def _loaded(options: SourceOptions) -> Source:
    try:
        return load_source(options)
    except SettingsError as error:
        end(str(error), ExitCode.SETTINGS)
    except FunctionError as error:
        if error.__cause__ is not None:
            _logger.debug("The cause:", exc_info=error.__cause__)
        end(str(error), ExitCode.FUNCTION)
