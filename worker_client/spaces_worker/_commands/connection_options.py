"""Options that several commands share, in the groups in which the help shows them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from spaces_protocol.limits import MAX_CAPACITY
from spaces_worker._commands.serve import end, gathered
from spaces_worker._connection.proxies import proxy_of_socket
from spaces_worker._connection.tls import tls_context
from spaces_worker._errors import SettingsError
from spaces_worker._exit_codes import ExitCode
from spaces_worker._settings import Settings, default_config_path, default_state_dir
from spaces_worker._status.log_handlers import configure_logging

_LINK = "Link"
_OUTPUT = "Output"

StateDir = Annotated[
    Path | None,
    typer.Option(
        "--state-dir",
        help="Folder in which answers are kept until the gateway has them. "
        f"Default: {default_state_dir()}.",
        rich_help_panel=_LINK,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="TOML file with url, token, spaces, worker_id, concurrency, state_dir, ca_file; also "
        f"SPACES_CONFIG. Default: {default_config_path()}, which may be missing.",
        rich_help_panel=_LINK,
    ),
]


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """Where to link, and as whom; see `Settings`."""

    url: Annotated[
        str | None,
        typer.Option(
            "--url", help="Address of the gateway's socket, wss://…", rich_help_panel=_LINK
        ),
    ] = None
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            help="Worker token. Other users of this machine can see options: SPACES_TOKEN is "
            "safer.",
            rich_help_panel=_LINK,
        ),
    ] = None
    spaces: Annotated[
        str | None,
        typer.Option(
            "--spaces", help="Spaces to serve, separated by commas.", rich_help_panel=_LINK
        ),
    ] = None
    worker_id: Annotated[
        str | None,
        typer.Option(
            "--worker-id",
            help="Stable name of this worker; by default from host and user.",
            rich_help_panel=_LINK,
        ),
    ] = None
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            help="Requests that run at the same time, over all spaces, "
            f"1 to {MAX_CAPACITY}. Default: 1.",
            rich_help_panel=_LINK,
        ),
    ] = None
    state_dir: StateDir = None
    ca_file: Annotated[
        Path | None,
        typer.Option(
            "--ca-file",
            help="Certificates of an authority that counts besides the system's, as PEM.",
            rich_help_panel=_LINK,
        ),
    ] = None
    config: Config = None

    def settings(self, declared: Mapping[str, object] | None = None) -> Settings:
        """Return the settings with which a link can be tried, or end the command with the fault.

        Args:
            declared: what a file says; the options win.
        """
        settings = gathered(self.given(), self.config, declared)
        try:
            proxy_of_socket(settings.url)
            if settings.ca_file is not None:
                tls_context(settings)
        except SettingsError as error:
            end(str(error), ExitCode.SETTINGS)
        return settings

    def given(self) -> dict[str, object]:
        """Return them by the names of the settings; None is what was not given."""
        options = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del options["config"]
        return options


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """How a command that links logs."""

    as_json: Annotated[
        bool,
        typer.Option("--json", help="Log one JSON object a line.", rich_help_panel=_OUTPUT),
    ] = False
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Log more.", rich_help_panel=_OUTPUT),
    ] = False

    def configure(self) -> None:
        """Log so."""
        configure_logging(as_json=self.as_json, verbose=self.verbose)
