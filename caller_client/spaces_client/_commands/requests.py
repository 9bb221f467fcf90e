"""The commands for a request that was submitted before: ``status``, ``result``, ``cancel``."""

from pathlib import Path

import click
import msgspec

from spaces_client._commands.follow import interruptible, status_text
from spaces_client._commands.options import json_option, output_option, timeout_option, url_option
from spaces_client._commands.run import show
from spaces_client._commands.show_result import prepared_folder
from spaces_client._commands.terminal import printable, write_json
from spaces_client._events import Queued, Running
from spaces_client._sync.spaces import Spaces
from spaces_client._types import Status


@click.command(short_help="Show the state of a request.")
@click.argument("request_id")
@url_option
@json_option
def status(request_id: str, url: str | None, *, as_json: bool) -> None:
    """Show the state of a request.

    A failed request is no error of this command; its reason is shown.
    """
    with Spaces(url) as spaces:
        found = spaces.request(request_id).status()
    if as_json:
        write_json(msgspec.json.encode(found))
    else:
        click.echo(printable(_sentence(found)))


@click.command(short_help="Wait for a request and print its answer.")
@click.argument("request_id")
@output_option
@timeout_option
@json_option
@url_option
def result(
    request_id: str,
    output: Path | None,
    timeout: float | None,
    url: str | None,
    *,
    as_json: bool,
) -> int:
    """Wait for a request that was submitted before, and print its answer."""
    folder = prepared_folder(output)
    with Spaces(url) as spaces:
        request = spaces.request(request_id)
        with interruptible(request, cancel=False):
            return show(request, timeout, folder, as_json=as_json)


@click.command(short_help="Cancel a request.")
@click.argument("request_id")
@url_option
def cancel(request_id: str, url: str | None) -> None:
    """Cancel a request that waits or runs."""
    with Spaces(url) as spaces:
        ended = spaces.request(request_id).cancel()
    click.echo("Cancelled." if ended else "Its worker is being stopped.")


def _sentence(found: Status) -> str:
    if found.status == "IN_QUEUE":
        return status_text(Queued(found.queue_position, found.eta_seconds, found.queue_reason))
    if found.status == "IN_PROGRESS":
        return status_text(Running(found.progress, found.eta_seconds, found.attempt))
    return f"{found.status}{f': {found.error} ({found.error_type})' if found.error else ''}"
