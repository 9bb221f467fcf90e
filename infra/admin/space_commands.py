"""Commands for spaces."""

import typer
from rich.console import Console
from rich.table import Table

from infra.admin import admin_client, options
from infra.admin.option_values import given, named
from infra.admin.stage_clients import gateway_of
from infra.admin.terminal_text import shown

console = Console(highlight=False)
app = typer.Typer()


@app.command("create-space")
def create_space(
    name: options.SpaceName,
    *,
    stage: options.Stage = "dev",
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
    """Create a space."""
    fields: dict[str, admin_client.Field] = named(
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
    admin_client.create_space(gateway_of(stage), name, **{**fields, **given(settings)})
    console.print(f"Created the space [bold]{shown(name)}[/]. Next: create-token {name}")


@app.command("edit-space")
def edit_space(
    name: options.SpaceName,
    *,
    stage: options.Stage = "dev",
    title: options.Title = None,
    description: options.Description = None,
    visibility: options.Visibility = None,
    member: options.Members = None,
    timeout: options.Timeout = None,
    queue_timeout: options.QueueTimeout = None,
    max_workers: options.MaxWorkers = None,
    max_queue_length: options.MaxQueueLength = None,
    max_input_bytes: options.MaxInputBytes = None,
    prefetch: options.Prefetch = None,
    disabled: options.Disabled = None,
    settings: options.Settings = None,
) -> None:
    """Change a space. Fields you omit stay as they are."""
    fields: dict[str, admin_client.Field] = named(
        title=title,
        description=description,
        visibility=visibility,
        members=member or None,
        timeout_seconds=timeout,
        queue_timeout_seconds=queue_timeout,
        max_workers=max_workers,
        max_queue_length=max_queue_length,
        max_input_bytes=max_input_bytes,
        prefetch=prefetch,
        disabled=disabled,
    )
    changes = {**fields, **given(settings)}
    if not changes:
        raise typer.BadParameter("Nothing to change. Give at least one option.")
    admin_client.edit_space(gateway_of(stage), name, **changes)
    console.print(f"Changed the space [bold]{shown(name)}[/].")


@app.command("delete-space")
def delete_space(
    name: options.SpaceName, *, stage: options.Stage = "dev", yes: options.Sure = False
) -> None:
    """Delete a space and cancel its waiting and running requests."""
    if not yes:
        typer.confirm(f"Delete {name} and cancel its waiting and running requests?", abort=True)
    cancelled = admin_client.delete_space(gateway_of(stage), name)
    console.print(f"Deleted the space [bold]{shown(name)}[/]; cancelled {cancelled} requests.")


@app.command("list-spaces")
def list_spaces(*, stage: options.Stage = "dev") -> None:
    """List all spaces."""
    table = Table("space", "visibility", "disabled", "title", box=None)
    for space in admin_client.listed(gateway_of(stage), "spaces"):
        disabled = "disabled" if space.get("disabled") else ""
        columns = (space["space"], space.get("visibility"), disabled, space.get("title"))
        table.add_row(*(shown(each) for each in columns))
    console.print(table)
