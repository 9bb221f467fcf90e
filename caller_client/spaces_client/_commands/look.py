"""The commands ``list`` and ``describe``."""

from collections.abc import Sequence
from typing import Any

import click
import msgspec

from spaces_client._commands.options import json_option, space_argument, url_option
from spaces_client._commands.terminal import (
    one_line,
    printable,
    say,
    seconds,
    size,
    styled,
    wrapped,
    write_json,
)
from spaces_client._sync.spaces import Spaces
from spaces_client._types import Space


@click.command("list", short_help="List the spaces that you may use.")
@url_option
@json_option
def list_spaces(url: str | None, *, as_json: bool) -> None:
    """List the spaces that you may use, with their live state."""
    with Spaces(url) as spaces:
        found = spaces.list_spaces()
    if as_json:
        write_json(msgspec.json.encode({"spaces": found}))
    elif not found:
        say("There are no spaces that you may use. Set a key if you have one.")
    else:
        _write_table(
            ("SPACE", "STATE", "WAITING", "TITLE"),
            [
                (one_line(each.space), _state(each), str(each.queue_length), one_line(each.title))
                for each in found
            ],
        )


@click.command(short_help="Describe a space: input, options and limits.")
@space_argument
@url_option
@json_option
def describe(space: str, url: str | None, *, as_json: bool) -> None:
    """Describe a space: what it does and takes, its options and its limits."""
    with Spaces(url) as spaces:
        found = spaces.describe(space)
    if as_json:
        write_json(msgspec.json.encode(found))
        return
    click.echo(f"{styled(one_line(found.title), bold=True)} ({one_line(found.space)})")
    if found.description:
        paragraphs = printable(found.description).split("\n")
        click.echo("\n" + "\n".join(line for text in paragraphs for line in wrapped(text)))
    click.echo()
    for name, text in _facts(found):
        click.echo(f"{name + ':':<10} {one_line(text)}")
    options = _options(found.params_schema)
    if options:
        click.echo(f"\n{styled('Options', bold=True)} (--option NAME=VALUE)\n")
        _write_table(("NAME", "TYPE", "DEFAULT", "MEANING"), options)


def _facts(space: Space) -> list[tuple[str, str]]:
    wait = "" if space.eta_seconds is None else f", starts in {seconds(space.eta_seconds)}"
    limits = space.limits
    facts = [
        ("state", f"{_state(space)}, {space.queue_length} waiting{wait}"),
        ("takes", ", ".join(space.features)),
        ("input", f"at most {size(limits.max_input_bytes)}"),
        ("time", f"runs {limits.timeout_seconds:g} s at most"),
    ]
    if space.endpoints and "call" in space.features:
        facts.append(("calls", ", ".join(space.endpoints)))
    if space.files:
        rules = space.files
        most = f"at most {rules.max_files}, {size(rules.max_file_bytes)} each"
        facts.append(("files", f"{', '.join(rules.accept)}; {most}"))
    return facts


def _state(space: Space) -> str:
    return "disabled" if space.disabled else one_line(space.state)


def _options(schema: dict[str, Any] | None) -> list[tuple[str, str, str, str]]:
    """Return the rows of a schema's properties; its author may have written anything."""
    properties = (schema or {}).get("properties")
    if not isinstance(properties, dict):
        return []
    return [_option(name, about) for name, about in properties.items()]


def _option(name: str, about: object) -> tuple[str, str, str, str]:
    known = about if isinstance(about, dict) else {}
    choices = known.get("enum")
    kind = " | ".join(map(_brief, choices)) if isinstance(choices, list) else known.get("type", "")
    default = _brief(known["default"]) if "default" in known else ""
    meaning = known.get("description") or known.get("title") or ""
    return (one_line(name), one_line(str(kind)), one_line(default), one_line(str(meaning)))


def _brief(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _write_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Write columns; the last is not padded, and so may have characters of any width."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head) - 1)]
    indent = sum(widths) + 2 * len(widths)
    for row in (head, *rows):
        cells = [f"{text:<{width}}" for text, width in zip(row, widths, strict=False)]
        line = "  ".join([*cells, *wrapped(row[-1], indent)[:1]]).rstrip()
        click.echo(styled(line, bold=True) if row is head else line)
        for rest in wrapped(row[-1], indent)[1:]:
            click.echo(" " * indent + rest)
