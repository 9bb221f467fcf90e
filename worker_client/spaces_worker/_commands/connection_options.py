"""Options that several commands share."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from spaces_protocol.limits import MAX_CAPACITY
from spaces_worker._commands.option_groups import option
from spaces_worker._commands.serve import end, gathered
from spaces_worker._environment.certificates import check_certificate_variables, tls_context
from spaces_worker._environment.proxies import proxy_of_socket
from spaces_worker._errors import SettingsError
from spaces_worker._exit_codes import ExitCode
from spaces_worker._settings import Settings, default_config_path, default_state_dir
from spaces_worker._status.log_handlers import configure_logging

_CONNECTION: Final = "Connection"
_STATE: Final = "State"
_OUTPUT: Final = "Output"


_STATE_DIR: Final = {
    "type": click.Path(path_type=Path),
    "metavar": "DIR",
    "help": "Where results are kept until the gateway acknowledges them. "
    f"Default: {default_state_dir()}. [SPACES_STATE_DIR]",
}
_CONFIG: Final = {
    "type": click.Path(path_type=Path),
    "metavar": "FILE",
    "help": "TOML file with any of url, token, spaces, worker_id, concurrency, state_dir and "
    f"ca_file. Default: {default_config_path()}, if it exists. [SPACES_CONFIG]",
}


@dataclass(frozen=True, slots=True)
class StateOptions:
    """Where the workers of this machine keep their state."""

    state_dir: Path | None = option("--state-dir", heading=_STATE, **_STATE_DIR)
    config: Path | None = option("--config", heading=_STATE, **_CONFIG)


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """What to connect to, and as which worker; see `Settings`."""

    url: str | None = option(
        "--url",
        heading=_CONNECTION,
        metavar="URL",
        help="WebSocket URL of the gateway, wss://… [SPACES_URL]",
    )
    token: str | None = option(
        "--token",
        heading=_CONNECTION,
        metavar="TOKEN",
        help="Worker token, wst_… Other users of this machine can see options; the variable is "
        "safer. [SPACES_TOKEN]",
    )
    spaces: str | None = option(
        "--spaces",
        heading=_CONNECTION,
        metavar="NAMES",
        help="Spaces to serve, separated by commas. [SPACES_SPACES]",
    )
    worker_id: str | None = option(
        "--worker-id",
        heading=_CONNECTION,
        metavar="ID",
        help="Stable name of this worker. Default: made from host and user. [SPACES_WORKER_ID]",
    )
    concurrency: str | None = option(
        "--concurrency",
        heading=_CONNECTION,
        metavar="N",
        help="Requests to run at the same time, over all spaces, "
        f"1 to {MAX_CAPACITY}. Default: 1. [SPACES_CONCURRENCY]",
    )
    state_dir: Path | None = option("--state-dir", heading=_CONNECTION, **_STATE_DIR)
    ca_file: Path | None = option(
        "--ca-file",
        heading=_CONNECTION,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Certificates to trust in addition to the system's, as PEM. [SPACES_CA_FILE]",
    )
    config: Path | None = option("--config", heading=_CONNECTION, **_CONFIG)

    def settings(self, declared: Mapping[str, object] | None = None) -> Settings:
        """Return the settings to connect with, or end the command with what is wrong.

        Args:
            declared: settings from the user's file; the options take precedence.
        """
        settings = gathered(self.given(), self.config, declared)
        try:
            proxy_of_socket(settings.url)
            check_certificate_variables()
            if settings.ca_file is not None:
                tls_context(settings.ca_file)
        except SettingsError as error:
            end(str(error), ExitCode.SETTINGS)
        return settings

    def given(self) -> dict[str, object]:
        """Return the options by the names of the settings; None for one that was not given."""
        options = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del options["config"]
        return options


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """How a command that connects writes its log."""

    as_json: bool = option(
        "--json", heading=_OUTPUT, is_flag=True, default=False, help="Log one JSON object per line."
    )
    verbose: bool = option(
        "--verbose", "-v", heading=_OUTPUT, is_flag=True, default=False, help="Log more detail."
    )

    def configure(self) -> None:
        """Set up the log."""
        configure_logging(as_json=self.as_json, verbose=self.verbose)


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a command that reports writes its report."""

    as_json: bool = option(
        "--json", heading=_OUTPUT, is_flag=True, default=False, help="Print one JSON object."
    )
