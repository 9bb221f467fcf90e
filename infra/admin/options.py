"""Arguments and options that several commands share."""

from typing import Annotated

import typer

SpaceName = Annotated[str, typer.Argument(help="Unique name: a-z, 0-9 and -.")]
SpaceNames = Annotated[list[str], typer.Argument(help="Spaces it gives access to.")]
PersonName = Annotated[str, typer.Argument(help="User name.")]
Stage = Annotated[
    str,
    typer.Option(
        help="Stage of the deployed gateway; local, or local:PORT, for one on this machine."
    ),
]
Title = Annotated[str | None, typer.Option(help="Title on the page; the name by default.")]
Description = Annotated[str | None, typer.Option(help="One line about the space.")]
Visibility = Annotated[
    str | None, typer.Option(help="public (default), members (all signed-in users) or private.")
]
Members = Annotated[
    list[str] | None, typer.Option("--member", help="User of a private space; repeatable.")
]
Features = Annotated[
    list[str] | None,
    typer.Option(
        "--feature", help="Accepted input: prompt, call, audio, video, image or file; repeatable."
    ),
]
Timeout = Annotated[float | None, typer.Option(help="Seconds a worker may take for a request.")]
QueueTimeout = Annotated[
    float | None, typer.Option(help="Seconds a request may wait in the queue.")
]
MaxWorkers = Annotated[int | None, typer.Option(help="Maximum number of connected workers.")]
MaxQueueLength = Annotated[int | None, typer.Option(help="Maximum number of waiting requests.")]
MaxInputBytes = Annotated[
    int | None,
    typer.Option(help="Largest prompt, params and call together, in bytes of JSON; at most 4 MB."),
]
Prefetch = Annotated[
    bool | None,
    typer.Option("--prefetch/--no-prefetch", help="Send each worker one request ahead."),
]
Disabled = Annotated[
    bool | None, typer.Option("--disable/--enable", help="Whether the space accepts requests.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Any other field of docs/api.md, with a JSON value: max_files=3, "
        "user_limits='{\"max_waiting\": 5}', requests_per_minute=null (no limit); repeatable.",
    ),
]
PerMinute = Annotated[str | None, typer.Option(help="Requests per minute, or none for no limit.")]
MaxWaiting = Annotated[
    str | None, typer.Option(help="Requests that may wait at once, or none for no limit.")
]
UploadBytes = Annotated[
    str | None, typer.Option(help="Bytes to upload per day, or none for no limit.")
]
Label = Annotated[str | None, typer.Option(help="Who or what will use it.")]
ExpiresDays = Annotated[int | None, typer.Option(help="Days until it expires.")]
SecretId = Annotated[str, typer.Argument(help="Its id, as listed.")]
OverlapHours = Annotated[int, typer.Option(help="Hours the old one stays valid.")]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]
