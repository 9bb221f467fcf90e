"""Commands with grouped options, colours and one form of errors."""

import os
import sys
from collections.abc import Iterable
from gettext import gettext
from typing import Any, Final

import click

from spaces_worker._environment.encodings import discard, is_unwritable, write_any_character
from spaces_worker._exit_codes import ExitCode

MAX_WIDTH: Final = 100
"""Longer lines are hard to read, however wide the terminal is."""
_UNBROKEN_HYPHEN: Final = "\N{NON-BREAKING HYPHEN}"


def styled(text: str, **style: Any) -> str:  # noqa: ANN401 - as click
    """Return the text in a style that `click.echo` drops if the output is not a terminal."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain else click.style(text, **style)


class _Formatter(click.HelpFormatter):
    """Writes headings and names in colour, and breaks no line within an option or a path."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or styled("Usage: ", bold=True))

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{styled(f'{heading}:', bold=True)}\n")

    def write_text(self, text: str) -> None:
        super().write_text(text.replace("-", _UNBROKEN_HYPHEN))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        shown = [
            (styled(name, fg="cyan"), text.replace("-", _UNBROKEN_HYPHEN)) for name, text in rows
        ]
        super().write_dl(shown, col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_UNBROKEN_HYPHEN, "-")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help lists each group of options under its heading, in aligned columns."""

    context_class = _Context

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                heading = getattr(parameter, "heading", "Options")
                groups.setdefault(heading, []).append(record)
        column = max(len(names) for rows in groups.values() for names, _ in rows)
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl([(names.ljust(column), text) for names, text in rows])


class Program(Command, click.Group):
    """The program with its commands, in the order in which they were added."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click
        """Return their names."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the program's own options."""
        self.format_commands(ctx, formatter)
        Command.format_options(self, ctx, formatter)

    def main(self, *args: Any, standalone_mode: bool = True, **settings: Any) -> Any:  # noqa: ANN401 - as click
        """Run the program and exit with its code; Ctrl-C is an end that was asked for."""
        write_any_character()
        try:
            code = super().main(*args, standalone_mode=False, **settings)  # type: ignore[call-overload]  # as given
        except click.ClickException as error:
            if not standalone_mode:
                raise
            _show(error)
            code = error.exit_code
        except click.Abort:
            if not standalone_mode:
                raise
            code = ExitCode.STOPPED
        except OSError as error:
            if not standalone_mode or not is_unwritable(error):
                raise
            discard("stdout")
            click.echo(f"Error: The output cannot be written ({error.strerror}).", err=True)
            code = 1
        if standalone_mode:
            sys.exit(code)
        return code


def _show(error: click.ClickException) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    message = gettext("Error: {message}").format(message=error.format_message())
    click.echo(styled(message, fg="red"), err=True)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(f"Run '{error.ctx.command_path} --help' to see what is possible.", err=True)
