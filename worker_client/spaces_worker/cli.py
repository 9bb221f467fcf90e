"""The command ``spaces-worker``."""

from typing import Final

import click
from click.shell_completion import get_completion_class

from spaces_worker._commands.doctor import doctor
from spaces_worker._commands.help_format import MAX_WIDTH, Program
from spaces_worker._commands.install_service import install_service
from spaces_worker._commands.mock_app import mock_app
from spaces_worker._commands.run import run
from spaces_worker._commands.status import status
from spaces_worker._exit_codes import MEANINGS, ExitCode
from spaces_worker._settings import default_config_path
from spaces_worker._version import __version__

__all__ = ["ExitCode", "app"]

_NAME: Final = "spaces-worker"
_SHELLS: Final = ("bash", "zsh", "fish")
_CODES: Final = "\n".join(f"{code:3}  {meaning}" for code, meaning in MEANINGS.items())
HELP: Final = """\
Connect a program on this machine to spaces of a gateway.

Try it with a simulated model first, then connect your own:

\b
$ export SPACES_URL=wss://… SPACES_TOKEN=wst_… SPACES_SPACES=my-space
$ spaces-worker mock-app
$ spaces-worker run --function my_model.py:answer
"""
EPILOG: Final = f"""\
An option with a variable in brackets, such as [SPACES_URL], can also be set with that environment
variable or in the config file ({default_config_path()}, or the file given by --config or
SPACES_CONFIG). Options take precedence over variables, variables over what the file of --function
passes to Worker(…), and that over the config file.

Press Ctrl-C once to finish the running requests and exit, twice to exit immediately.

Exit codes:

\b
{_CODES}

To complete commands and options with Tab, add a line to the start-up file of your shell:

\b
~/.bashrc                   eval "$({_NAME} --show-completion bash)"
~/.zshrc                    eval "$({_NAME} --show-completion zsh)"
~/.config/fish/config.fish  {_NAME} --show-completion fish | source
"""


def _show_completion(context: click.Context, _option: click.Parameter, shell: str | None) -> None:
    if shell is None or context.resilient_parsing:
        return
    completion = get_completion_class(shell)
    if completion is not None:
        variable = f"_{_NAME.replace('-', '_').upper()}_COMPLETE"
        click.echo(completion(context.command, {}, _NAME, variable).source())
    context.exit()


@click.group(
    _NAME,
    cls=Program,
    help=HELP,
    epilog=EPILOG,
    no_args_is_help=True,
    context_settings={"max_content_width": MAX_WIDTH},
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


for _command in (run, mock_app, doctor, status, install_service):
    app.add_command(_command)
