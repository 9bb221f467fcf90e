"""Options of ``run`` that say what answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

_ANSWERS: Final = "What answers"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What answers, as the command line says it; one kind is given."""

    function: Annotated[
        str | None,
        typer.Option(
            help="A Python function, or a Worker with all its functions: module:function or "
            "path/to/file.py:function.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None
    openai: Annotated[
        str | None,
        typer.Option(
            help="Address of a server of chat completions, up to /v1: Ollama, vLLM, llama.cpp.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None
    http: Annotated[
        str | None,
        typer.Option(help="Address that takes a POST of JSON.", rich_help_panel=_ANSWERS),
    ] = None
    transformers: Annotated[
        str | None,
        typer.Option(
            help="TASK:PATH of a pipeline, such as text-generation:./my-model.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None
    command: Annotated[
        str | None,
        typer.Option(
            help="A program with arguments; {prompt_file}, {params_file}, {output_dir}, {file} "
            "and {files} are filled in.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None
    model: Annotated[
        str | None,
        typer.Option(help="With --openai: name of the model.", rich_help_panel=_ANSWERS),
    ] = None
    system: Annotated[
        str | None,
        typer.Option(help="With --openai: a system prompt.", rich_help_panel=_ANSWERS),
    ] = None
    api_key_variable: Annotated[
        str | None,
        typer.Option(
            help="With --openai or --http: name of the variable that holds the server's key.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None
    silence: Annotated[
        float | None,
        typer.Option(
            help="With --openai or --http: seconds without a byte after which a request fails. "
            "By default only the space's own limit counts.",
            min=1,
            rich_help_panel=_ANSWERS,
        ),
    ] = None
    params: Annotated[
        Path | None,
        typer.Option(
            help="File with a JSON Schema of the further inputs; the page builds a form from it.",
            rich_help_panel=_ANSWERS,
        ),
    ] = None
