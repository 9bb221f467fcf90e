"""Options of ``run`` that choose the model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import click

from spaces_protocol.model_call import ENDPOINTS
from spaces_worker._commands.option_groups import Number, option

Stdin = Literal["prompt", "none"]
_MODEL: Final = "Model (give exactly one)"
_MODEL_OPTIONS: Final = "Model options"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """The model, as the command line names it: exactly one of the first five is given."""

    function: str | None = option(
        "--function",
        heading=_MODEL,
        metavar="NAME",
        help="Python function, or a Worker with all its functions: module:function or "
        "path/to/file.py:function.",
    )
    openai: str | None = option(
        "--openai",
        heading=_MODEL,
        metavar="URL",
        help="Server with an OpenAI-compatible chat API, such as Ollama, vLLM or llama.cpp; its "
        "URL up to /v1.",
    )
    http: str | None = option(
        "--http",
        heading=_MODEL,
        metavar="URL",
        help="HTTP server that takes a POST of JSON.",
    )
    transformers: str | None = option(
        "--transformers",
        heading=_MODEL,
        metavar="TASK:PATH",
        help="Hugging Face pipeline, such as text-generation:./my-model.",
    )
    command: str | None = option(
        "--command",
        heading=_MODEL,
        metavar="COMMAND",
        help="Program with its arguments; {prompt_file}, {params_file}, {output_dir}, {file} "
        "and {files} are filled in.",
    )
    stdin: Stdin | None = option(
        "--stdin",
        heading=_MODEL_OPTIONS,
        type=click.Choice(["prompt", "none"]),
        help="With --command: what the program reads on its standard input. Default: the prompt, "
        "but nothing if the command names {prompt_file}, {file} or {files}.",
    )
    accept: str | None = option(
        "--accept",
        heading=_MODEL_OPTIONS,
        metavar="TYPES",
        help="With --command: media types of the files that the program takes, separated by "
        "commas, such as image/*. Default: all that the space accepts.",
    )
    model: str | None = option(
        "--model",
        heading=_MODEL_OPTIONS,
        metavar="NAME",
        help="With --openai: the model's name on that server.",
    )
    system: str | None = option(
        "--system", heading=_MODEL_OPTIONS, metavar="TEXT", help="With --openai: a system prompt."
    )
    api_key_variable: str | None = option(
        "--api-key-variable",
        heading=_MODEL_OPTIONS,
        metavar="NAME",
        help="With --openai or --http: the environment variable that holds the server's API key.",
    )
    endpoints: str | None = option(
        "--endpoints",
        heading=_MODEL_OPTIONS,
        metavar="NAMES",
        help="With --openai: endpoints that the server has, separated by commas, of "
        f"{', '.join(ENDPOINTS)}. Default: chat.completions,completions.",
    )
    allow: str | None = option(
        "--allow",
        heading=_MODEL_OPTIONS,
        metavar="FIELDS",
        help="With --openai: fields that callers of the API may set, separated by commas; others "
        "are left out. Default: all.",
    )
    deny: str | None = option(
        "--deny",
        heading=_MODEL_OPTIONS,
        metavar="FIELDS",
        help="With --openai: fields that callers of the API may not set, separated by commas; they "
        "are left out.",
    )
    silence: float | None = option(
        "--silence",
        heading=_MODEL_OPTIONS,
        type=Number(minimum=1),
        metavar="SECONDS",
        help="With --openai or --http: fail a request after this long without a byte. "
        "Default: only the space's own limit counts.",
    )
    params: Path | None = option(
        "--params",
        heading=_MODEL_OPTIONS,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="JSON Schema of the model's parameters; the page builds a form from it.",
    )
    examples: Path | None = option(
        "--examples",
        heading=_MODEL_OPTIONS,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="JSON list of inputs that the page offers: prompts, or objects with title, prompt, "
        "params, files or messages. Paths of files begin at the folder of FILE.",
    )
