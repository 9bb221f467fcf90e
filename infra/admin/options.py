"""Words of the command line that several commands share."""

from typing import Annotated

import typer

SpaceName = Annotated[str, typer.Argument(help="Unique name: a-z, 0-9 and -.")]
SpaceNames = Annotated[list[str], typer.Argument(help="Spaces that it opens.")]
PersonName = Annotated[str, typer.Argument(help="What they sign in with.")]
Stage = Annotated[str, typer.Option(help="Stage that the gateway was deployed as.")]
Title = Annotated[str | None, typer.Option(help="What people see; the name by default.")]
Description = Annotated[str | None, typer.Option(help="One line about the space.")]
Visibility = Annotated[
    str | None, typer.Option(help="public (the default), members (who is signed in) or private.")
]
Members = Annotated[
    list[str] | None, typer.Option("--member", help="Who may use a private space; repeatable.")
]
Features = Annotated[
    list[str] | None,
    typer.Option("--feature", help="prompt, audio, video, image or file; repeatable."),
]
Timeout = Annotated[float | None, typer.Option(help="Seconds that a worker has for a request.")]
QueueTimeout = Annotated[float | None, typer.Option(help="Seconds that a request may wait.")]
MaxWorkers = Annotated[int | None, typer.Option(help="Workers at the same time.")]
MaxQueueLength = Annotated[int | None, typer.Option(help="Requests that may wait.")]
Prefetch = Annotated[
    bool | None, typer.Option("--prefetch", help="Hand one request over ahead of its turn.")
]
Disabled = Annotated[
    bool | None, typer.Option("--disable/--enable", help="Whether it takes requests.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Any other setting by its name in docs/api.md, its value in JSON: max_files=3, "
        "user_limits='{\"max_waiting\": 5}', requests_per_minute=null for no limit; repeatable.",
    ),
]
PerMinute = Annotated[str | None, typer.Option(help="Requests a minute, or none.")]
MaxWaiting = Annotated[str | None, typer.Option(help="Requests that may wait at once, or none.")]
UploadBytes = Annotated[str | None, typer.Option(help="Bytes to upload a day, or none.")]
Label = Annotated[str | None, typer.Option(help="Who or what uses it.")]
ExpiresDays = Annotated[int | None, typer.Option(help="Days until it expires.")]
SecretId = Annotated[str, typer.Argument(help="Its id, as the list shows it.")]
OverlapHours = Annotated[int, typer.Option(help="Hours that the old one stays good.")]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
