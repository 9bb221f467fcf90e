"""Options that the commands share."""

from pathlib import Path
from typing import Annotated

import typer

_LINK = "Link"
_OUTPUT = "Output"

Url = Annotated[
    str | None,
    typer.Option("--url", help="Address of the gateway's socket, wss://…", rich_help_panel=_LINK),
]
Token = Annotated[
    str | None,
    typer.Option(
        "--token",
        help="Worker token. Other users of this machine can see options: SPACES_TOKEN is safer.",
        rich_help_panel=_LINK,
    ),
]
Spaces = Annotated[
    str | None,
    typer.Option("--spaces", help="Spaces to serve, separated by commas.", rich_help_panel=_LINK),
]
WorkerId = Annotated[
    str | None,
    typer.Option(
        "--worker-id",
        help="Stable name of this worker; by default from host and user.",
        rich_help_panel=_LINK,
    ),
]
Concurrency = Annotated[
    int | None,
    typer.Option(
        "--concurrency",
        help="Requests that run at the same time, over all spaces. Default: 1.",
        rich_help_panel=_LINK,
    ),
]
StateDir = Annotated[
    Path | None,
    typer.Option(
        "--state-dir",
        help="Folder in which answers are kept until the gateway has them.",
        rich_help_panel=_LINK,
    ),
]
CaFile = Annotated[
    Path | None,
    typer.Option(
        "--ca-file",
        help="Certificates of an authority that counts besides the system's, as PEM.",
        rich_help_panel=_LINK,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="TOML file with url, token, spaces, worker_id, concurrency, state_dir, ca_file.",
        rich_help_panel=_LINK,
    ),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Log one JSON object a line.", rich_help_panel=_OUTPUT),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Log more.", rich_help_panel=_OUTPUT),
]
