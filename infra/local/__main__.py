"""Run the whole gateway on this machine: start it, deploy to it and inspect it."""

import os
from secrets import token_hex
from typing import Annotated, Final

import typer

from infra.admin import options
from infra.admin.admin_client import Field
from infra.admin.option_values import given, named
from infra.admin.stage_clients import EXPECTED, run
from infra.local import spaces
from infra.local.cloud import DEFAULT_PORT, local_cloud
from infra.local.demos import Example
from infra.local.emulator import LocalCloudError, is_healthy
from infra.local.foreground import serve, show_example
from infra.local.lifecycle import bring_down, deployed_status, refresh, reset, running_status
from infra.local.logs import chosen_functions, follow_logs, read_logs
from infra.local.people import create_person
from infra.local.status import read_status, status_file
from infra.local.terminal import (
    console,
    print_addresses,
    print_log_line,
    print_people,
    print_step,
    print_worker_command,
)
from infra.local.worker_command import worker_command

_TRIAL = (
    "For trying things out. The simulated model accepts "
    "/echo TEXT, /slow 20, /stream 50, /file 40, /fail TEXT and /crash."
)

MAX_PORT = 65_535

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

Port = Annotated[
    int,
    typer.Option(
        help="Port of the local cloud. Each port is a separate cloud.", min=1, max=MAX_PORT
    ),
]


Lan = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Open the page and the API to the local network, at this address of this machine; "
        "1 finds it.",
    ),
]


@app.command()
def up(
    *,
    port: Port = DEFAULT_PORT,
    detach: Annotated[bool, typer.Option("--detach", help="Return as soon as it is up.")] = False,
    reset_first: Annotated[
        bool, typer.Option("--reset", help="Start with empty tables and buckets.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Enforce the limits and habits of AWS.")
    ] = False,
    lan: Lan = None,
) -> None:
    """Start the local cloud and deploy the CDK app to it. Press Ctrl-C to stop it."""
    cloud = local_cloud(port)
    if reset_first:
        reset(cloud)
    serve(cloud, detach=detach, strict=strict, lan=lan)


@app.command()
def down(*, port: Port = DEFAULT_PORT) -> None:
    """Stop the local cloud and the workers that `demo` started."""
    ended = bring_down(local_cloud(port))
    console.print("Stopped." if ended else "Nothing was running.")


@app.command()
def status(
    *,
    port: Port = DEFAULT_PORT,
    as_json: Annotated[bool, typer.Option("--json", help="Print the status file as JSON.")] = False,
) -> None:
    """Print the addresses and spaces of the local cloud; exit with 1 if it is not running."""
    cloud = local_cloud(port)
    known = read_status(cloud)
    if known is None or known.emulator.process() is None or not is_healthy(cloud):
        stale = "" if known is None else " (it ended unexpectedly; start it again with `up`)"
        raise LocalCloudError(f"The local cloud is not running{stale}.")
    if as_json:
        typer.echo(status_file(cloud).read_text("utf-8"), nl=False)
        return
    print_addresses(deployed_status(cloud))
    print_people(known.people)
    for space in known.spaces:
        console.print(f"Space    {space.space}")


@app.command()
def deploy(*, port: Port = DEFAULT_PORT) -> None:
    """Deploy the CDK app and the page again, even if they have not changed."""
    cloud = local_cloud(port)
    print_addresses(refresh(cloud, running_status(cloud), print_step, force=True))


@app.command()
def logs(
    function: Annotated[
        str | None, typer.Argument(help="Name of a function; all functions by default.")
    ] = None,
    *,
    port: Port = DEFAULT_PORT,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Print new lines as they arrive.")
    ] = False,
) -> None:
    """Print the functions' logs."""
    cloud = local_cloud(port)
    running_status(cloud)
    chosen = chosen_functions(function)
    lines = follow_logs(cloud, chosen) if follow else iter(read_logs(cloud, chosen))
    try:
        for line in lines:
            print_log_line(line)
    except KeyboardInterrupt:
        return


@app.command("create-space")
def create_space(
    name: options.SpaceName,
    *,
    port: Port = DEFAULT_PORT,
    title: options.Title = None,
    description: options.Description = None,
    visibility: options.Visibility = None,
    member: options.Members = None,
    feature: options.Features = None,
    timeout: options.Timeout = None,
    queue_timeout: options.QueueTimeout = None,
    max_workers: options.MaxWorkers = None,
    max_queue_length: options.MaxQueueLength = None,
    max_input_bytes: options.MaxInputBytes = None,
    prefetch: options.Prefetch = None,
    settings: options.Settings = None,
) -> None:
    """Create a space with a worker token, and add both to the status file."""
    cloud = local_cloud(port)
    fields: dict[str, Field] = named(
        title=title,
        description=description,
        visibility=visibility,
        members=member or None,
        features=feature or None,
        timeout_seconds=timeout,
        queue_timeout_seconds=queue_timeout,
        max_workers=max_workers,
        max_queue_length=max_queue_length,
        max_input_bytes=max_input_bytes,
        prefetch=prefetch,
    )
    space = spaces.create_space(cloud, name, **{**fields, **given(settings)})
    print_worker_command(cloud, space)


@app.command("create-token")
def create_token(
    names: options.SpaceNames,
    *,
    port: Port = DEFAULT_PORT,
    label: options.Label = None,
    expires_days: options.ExpiresDays = None,
) -> None:
    """Create a worker token and show it once."""
    token = spaces.create_token(local_cloud(port), names, label, expires_days)
    console.print("The token, shown only once:")
    console.print(token, style="bold")


@app.command("create-user")
def create_user(
    name: Annotated[str, typer.Argument(help="User name.")],
    *,
    port: Port = DEFAULT_PORT,
    administrator: Annotated[bool, typer.Option(help="Make the user an administrator.")] = False,
) -> None:
    """Create an account with a random password, and add both to the status file."""
    print_people([create_person(local_cloud(port), name, administrator=administrator)])


@app.command("test-setup")
def set_up_test(*, port: Port = DEFAULT_PORT) -> None:
    """Create a space with a unique name and print the commands that connect a worker to it."""
    cloud = local_cloud(port)
    print_worker_command(
        cloud, spaces.create_space(cloud, f"test-{token_hex(3)}", description=_TRIAL)
    )


@app.command("mock-app")
def mock_app(*, port: Port = DEFAULT_PORT) -> None:
    """Connect a simulated model to the last space you created. Press Ctrl-C to stop it."""
    cloud = local_cloud(port)
    known = deployed_status(cloud).spaces
    if not known:
        raise LocalCloudError("There is no space yet. Create one with `make test-setup`.")
    command = worker_command(cloud, spaces.newest_own_space(known), "mock-app")
    os.execve(command.arguments[0], command.arguments, command.environment)  # noqa: S606


def _read_example(name: str | Example) -> Example:
    """Return an example by its name; the names of their spaces have hyphens."""
    try:
        return Example(name.replace("-", "_"))
    except ValueError as error:
        raise typer.BadParameter(f"{name!r} is no example. Choose one of {EXAMPLES}.") from error


EXAMPLES: Final = ", ".join(Example)
ExampleName = Annotated[
    Example,
    typer.Option(parser=_read_example, metavar="NAME", help=f"Which model to run: {EXAMPLES}."),
]


@app.command()
def demo(
    *,
    port: Port = DEFAULT_PORT,
    example: ExampleName = Example.DETECT_LANGUAGE,
    lan: Lan = None,
) -> None:
    """Start the local cloud with a real model behind a space. Press Ctrl-C to stop both."""
    show_example(local_cloud(port), example, lan=lan)


if __name__ == "__main__":
    run(app, LocalCloudError, *EXPECTED)
