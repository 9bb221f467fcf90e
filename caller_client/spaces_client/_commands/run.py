"""The command ``run``."""

import sys
from pathlib import Path
from typing import Final

import click

from spaces_client._commands.exit_codes import ExitCode
from spaces_client._commands.follow import follow, interruptible
from spaces_client._commands.options import (
    json_option,
    output_option,
    space_argument,
    timeout_option,
    url_option,
    values_of,
)
from spaces_client._commands.show_result import (
    failure_json,
    is_terminal,
    prepared_folder,
    result_json,
    save_files,
    write_answer,
)
from spaces_client._commands.shown_upload import shown_uploads
from spaces_client._commands.terminal import StatusLine, write_json
from spaces_client._core.submission import Options
from spaces_client._errors import RequestFailed, UsageError
from spaces_client._sync.request import Request
from spaces_client._sync.spaces import Spaces

_HELP: Final = """\
Submit a request, wait, and print the answer.

\b
$ spaces run detect-language "Wo ist die nächste Apotheke?"
$ spaces run transcribe -f speech.wav --option beam=4
$ spaces run read-image -f cat.png -o out/
$ git diff | spaces run chat - --timeout 60
$ spaces run chat "hi" --json | jq .usage

PROMPT is the text; - reads it from the standard input. The answer goes to the standard output and
everything else to the standard error. On a terminal, text appears as it is written.
"""


@click.command(help=_HELP, short_help="Submit a request and print the answer.")
@space_argument
@click.argument("prompt", required=False)
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    metavar="PATH",
    help="A file to submit; repeat it for more.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the space; see 'spaces describe'.",
)
@click.option(
    "--metadata", multiple=True, metavar="NAME=TEXT", help="A note that comes back with the result."
)
@click.option(
    "--run-timeout",
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="How long the request may run.",
)
@click.option(
    "--start-timeout",
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="How long it may wait for a worker.",
)
@click.option(
    "--idempotency-key",
    metavar="KEY",
    help="Find the request that you submitted with the same key and input.",
)
@output_option
@timeout_option
@click.option("--no-wait", is_flag=True, help="Print the id of the request instead of waiting.")
@click.option("--cancel-on-interrupt", is_flag=True, help="Cancel the request if you press Ctrl-C.")
@json_option
@url_option
def run(
    *,
    space: str,
    prompt: str | None,
    files: tuple[str, ...],
    options: tuple[str, ...],
    metadata: tuple[str, ...],
    run_timeout: float | None,
    start_timeout: float | None,
    idempotency_key: str | None,
    output: Path | None,
    timeout: float | None,
    no_wait: bool,
    cancel_on_interrupt: bool,
    as_json: bool,
    url: str | None,
) -> int:
    """Submit a request, wait, and print the answer."""
    given = Options()
    if options:
        given["params"] = values_of(options, "--option")
    if metadata:
        given["metadata"] = _texts(metadata)
    if run_timeout is not None:
        given["timeout_seconds"] = run_timeout
    if start_timeout is not None:
        given["start_timeout_seconds"] = start_timeout
    if idempotency_key is not None:
        given["idempotency_key"] = idempotency_key
    if prompt is None and not files:
        raise UsageError(
            "Pass a prompt, or - to read it from the standard input, or a file with -f."
        )
    folder = prepared_folder(output)
    with Spaces(url) as spaces:
        with shown_uploads(files) as uploads:
            if uploads:
                given["files"] = uploads
            request = spaces.submit(space, _prompt(prompt), **given)
        if no_wait:
            click.echo(f'{{"request_id":"{request.id}"}}' if as_json else request.id)
            return ExitCode.DONE
        with interruptible(request, cancel=cancel_on_interrupt):
            return show(request, timeout, folder, as_json=as_json)


def show(
    request: Request, timeout: float | None, folder: Path | None, *, as_json: bool
) -> ExitCode:
    """Wait for a request, and write its answer."""
    watched = StatusLine().is_live or (is_terminal() and not as_json)
    try:
        shown = follow(request, timeout, show_text=not as_json) if watched else ""
        result = request.result(None if watched else timeout)
    except RequestFailed as error:
        if not as_json:
            raise
        write_json(failure_json(error))
        return ExitCode.FAILED
    if not shown and not as_json:
        write_answer(result)
    saved = save_files(result, folder, quiet=as_json)
    if as_json:
        write_json(result_json(result, saved))
    return ExitCode.DONE


def _prompt(given: str | None) -> str | None:
    if given != "-":
        return given
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError("The standard input is not UTF-8 text. Pass it as a file: -f.") from error


def _texts(pairs: tuple[str, ...]) -> dict[str, str]:
    wrong = [pair for pair in pairs if not pair.partition("=")[1]]
    if wrong:
        raise UsageError(f"--metadata {wrong[0]} is not NAME=TEXT.")
    return {name: text for name, _, text in (pair.partition("=") for pair in pairs)}
