"""The command ``spaces`` with its commands."""

import sys
from collections.abc import Sequence
from typing import Any, Final

import click
from click.shell_completion import get_completion_class

from spaces_client._commands.chat import chat
from spaces_client._commands.exit_codes import MEANINGS, ExitCode, exit_code_of
from spaces_client._commands.look import describe, list_spaces
from spaces_client._commands.requests import cancel, result, status
from spaces_client._commands.run import run
from spaces_client._commands.terminal import printable, styled, write_any_character
from spaces_client._errors import RequestFailed, SpacesError
from spaces_client._settings import (
    KEY_VARIABLE,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    AddressMissing,
    config_path,
)
from spaces_client._version import __version__

_NAME: Final = "spaces"
_SHELLS: Final = ("bash", "zsh", "fish")
_CODES: Final = "\n".join(f"{code:3}  {meaning}" for code, meaning in MEANINGS.items())
_HELP: Final = f"""\
Call the models behind a gateway.

\b
$ export {URL_VARIABLE}=https://… {KEY_VARIABLE}=wsk_…
$ spaces list
$ spaces run detect-language "Wo ist die nächste Apotheke?"
$ spaces run read-image -f cat.png -o out/
$ spaces chat chat
"""
_EPILOG: Final = f"""\
The address of the gateway is the one of its page. Set it with {URL_VARIABLE}, or as api_url in the
config file. Public spaces need no key; set one with {KEY_VARIABLE} or api_key, or the access token
of a signed-in user with {TOKEN_VARIABLE} or access_token. There is no option for them: other users
of this machine could read it. The config file:

\b
{config_path()}

Exit codes:

\b
{_CODES}

To complete commands, options and spaces with Tab, add a line to the file that your shell reads:

\b
~/.bashrc                   eval "$({_NAME} --show-completion bash)"
~/.zshrc                    eval "$({_NAME} --show-completion zsh)"
~/.config/fish/config.fish  {_NAME} --show-completion fish | source
"""


class Program(click.Group):
    """The program; it lists its commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click
        """Return their names."""
        return list(self.commands)

    def main(  # type: ignore[override]  # always ends the process
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        **settings: Any,  # noqa: ANN401 - as click
    ) -> None:
        """Run a command and exit with its code."""
        write_any_character()
        sys.exit(self._code(args, prog_name, settings))

    def _code(
        self, args: Sequence[str] | None, prog_name: str | None, settings: dict[str, Any]
    ) -> int:
        try:
            code = super().main(args, prog_name, **{**settings, "standalone_mode": False})
            sys.stdout.flush()
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return error.exit_code
        except click.ClickException as error:
            _show(error.format_message())
            if isinstance(error, click.UsageError) and error.ctx is not None:
                click.echo(f"Run '{error.ctx.command_path} --help' for help.", err=True)
            return error.exit_code
        except SpacesError as error:
            _explain(error)
            return exit_code_of(error)
        except (click.Abort, KeyboardInterrupt):
            return ExitCode.INTERRUPTED
        except BrokenPipeError:  # whoever reads the output has seen enough
            sys.stdout = None  # Python would try to write the rest
            return ExitCode.FAILED
        return code if isinstance(code, int) else ExitCode.DONE


def _explain(error: SpacesError) -> None:
    _show(str(AddressMissing("use --url") if isinstance(error, AddressMissing) else error))
    if isinstance(error, RequestFailed):
        click.echo(f"Request: {error.request_id}", err=True)
    for note in getattr(error, "__notes__", ()):
        click.echo(note, err=True)


def _show(message: str) -> None:
    click.echo(styled(f"Error: {printable(message)}", fg="red"), err=True)


def _show_completion(context: click.Context, _option: click.Parameter, shell: str | None) -> None:
    if shell is None or context.resilient_parsing:
        return
    completion = get_completion_class(shell)
    if completion is not None:
        click.echo(completion(context.command, {}, _NAME, "_SPACES_COMPLETE").source())
    context.exit()


@click.group(
    _NAME,
    cls=Program,
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="%(prog)s %(version)s", help="Show the version.")
@click.option(
    "--show-completion",
    type=click.Choice(_SHELLS),
    metavar="SHELL",
    is_eager=True,
    expose_value=False,
    callback=_show_completion,
    help=f"Print the completion script for {', '.join(_SHELLS[:-1])} or {_SHELLS[-1]}.",
)
def app() -> None:
    """Hold the commands."""


for _command in (list_spaces, describe, run, chat, status, result, cancel):
    app.add_command(_command)
