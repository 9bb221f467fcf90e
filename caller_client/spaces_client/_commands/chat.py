"""The command ``chat``."""

from collections.abc import Mapping
from typing import Any

import click

from spaces_client._commands.follow import follow
from spaces_client._commands.options import space_argument, url_option, values_of
from spaces_client._commands.show_result import write_answer
from spaces_client._commands.terminal import printable, say, styled
from spaces_client._errors import SpacesError, UsageError
from spaces_client._sync.spaces import Spaces

Messages = list[dict[str, str]]


@click.command(short_help="Talk to a model that takes conversations.")
@space_argument
@click.option("--system", metavar="TEXT", help="System message for the model.")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="A field of the call, such as temperature=0.",
)
@url_option
def chat(space: str, system: str | None, options: tuple[str, ...], url: str | None) -> None:
    """Talk to a model that takes conversations.

    Ctrl-C cancels the present answer; an empty line or Ctrl-D ends the conversation.
    """
    params = values_of(options, "--option")
    messages: Messages = [{"role": "system", "content": system}] if system else []
    with Spaces(url) as spaces:
        if "call" not in spaces.describe(space).features:
            raise UsageError(f"{space} takes no conversations. Use: spaces run {space} PROMPT")
        while said := _ask():
            asked: Messages = [*messages, {"role": "user", "content": said}]
            answer = _answer(spaces, space, asked, params)
            if answer is not None:
                messages = [*asked, {"role": "assistant", "content": answer}]


def _ask() -> str:
    try:
        text: str = click.prompt(
            styled("You", bold=True), default="", show_default=False, prompt_suffix=": ", err=True
        )
    except click.Abort:
        say("")
        return ""
    return text


def _answer(
    spaces: Spaces, space: str, messages: Messages, params: Mapping[str, Any]
) -> str | None:
    """Show the answer and return it; None if there is none."""
    try:
        request = spaces.submit(space, messages=messages, params=params)
    except SpacesError as error:
        say(_failure(error))
        return None
    try:
        shown = follow(request, None, show_text=True)
        result = request.result()
    except SpacesError as error:
        say(_failure(error))
        return None
    except KeyboardInterrupt:
        request.cancel()
        say("\nCancelled.")
        return None
    if not shown:
        write_answer(result)
    return result.text


def _failure(error: SpacesError) -> str:
    return styled(f"Error: {printable(str(error))}", fg="red")
