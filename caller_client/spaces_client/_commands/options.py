"""Options and arguments that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from click.shell_completion import CompletionItem

from spaces_client._commands.terminal import one_line
from spaces_client._errors import SpacesError, UsageError
from spaces_client._settings import URL_VARIABLE
from spaces_client._sync.spaces import Spaces

F = TypeVar("F", bound=Callable[..., Any])
_COMPLETION_SECONDS = 3.0
"""Who presses Tab does not wait longer."""


def url_option(command: F) -> F:
    """Add ``--url``."""
    return click.option(
        "--url", metavar="URL", help=f"Address of the gateway's page.  [{URL_VARIABLE}]"
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object, for programs."
    )(command)


def output_option(command: F) -> F:
    """Add ``--output``."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Save the files of the result in this folder; none is replaced.",
    )(command)


def timeout_option(command: F) -> F:
    """Add ``--timeout``."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        help="How long to wait for the result. The request goes on when the time is over.",
    )(command)


def space_argument(command: F) -> F:
    """Add the argument SPACE, whose names the gateway completes."""
    return click.argument("space", shell_complete=_complete_space)(command)


def values_of(pairs: tuple[str, ...], option: str) -> dict[str, Any]:
    """Return what ``name=value`` options say.

    A value that is JSON (a number, ``true``, a list) is that; everything else is text.

    Raises:
        UsageError: an option has no ``=``.
    """
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise UsageError(f"{option} {pair} is not NAME=VALUE.")
        found[name] = _value(value)
    return found


def _value(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError):
        return text


def _complete_space(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    try:
        with Spaces(ctx.params.get("url"), timeout=_COMPLETION_SECONDS) as spaces:
            return [
                CompletionItem(each.space, help=one_line(each.title))
                for each in spaces.list_spaces()
                if each.space.startswith(incomplete)
            ]
    except SpacesError:
        return []
