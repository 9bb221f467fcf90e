"""Commands for worker tokens and API keys."""

import typer
from rich.console import Console
from rich.table import Table

from infra.admin import admin_client, options
from infra.admin.calls import Answer
from infra.admin.option_values import limits
from infra.admin.stage_clients import gateway_of
from infra.admin.terminal_text import shown

console = Console(highlight=False)
app = typer.Typer()
_WORDS = {"token": "worker token", "key": "API key"}
_ANY_ID = {"ignore_unknown_options": True}
"""Ids are random and may start with a dash."""


def show_once(kind: admin_client.Secret, answer: Answer) -> None:
    """Print a new token or key, which cannot be shown again, on the last line for scripts."""
    console.print(f"The {_WORDS[kind]} {answer[f'{kind}_id']}, shown only once:")
    if "command" in answer:
        console.print(shown(answer["command"]), soft_wrap=True)
    console.print(answer[kind], style="bold", soft_wrap=True)


@app.command("create-token")
def create_token(
    spaces: options.SpaceNames,
    *,
    stage: options.Stage = "dev",
    label: options.Label = None,
    expires_days: options.ExpiresDays = None,
) -> None:
    """Create a worker token and show it once."""
    _create("token", stage, spaces, label, expires_days)


@app.command("create-key")
def create_key(
    spaces: options.SpaceNames,
    *,
    stage: options.Stage = "dev",
    label: options.Label = None,
    expires_days: options.ExpiresDays = None,
    requests_per_minute: options.PerMinute = None,
    max_waiting: options.MaxWaiting = None,
    upload_bytes_per_day: options.UploadBytes = None,
) -> None:
    """Create an API key and show it once. Limits you omit use the default."""
    chosen = limits(
        requests_per_minute=requests_per_minute,
        max_waiting=max_waiting,
        upload_bytes_per_day=upload_bytes_per_day,
    )
    _create("key", stage, spaces, label, expires_days, chosen)


def _create(
    kind: admin_client.Secret,
    stage: str,
    spaces: list[str],
    label: str | None,
    days: int | None,
    chosen: dict[str, int | None] | None = None,
) -> None:
    created = admin_client.create_secret(
        gateway_of(stage), kind, spaces, label=label, expires_in_days=days, limits=chosen
    )
    show_once(kind, created)


@app.command("list-tokens")
def list_tokens(*, stage: options.Stage = "dev") -> None:
    """List worker tokens."""
    _list("token", stage)


@app.command("list-keys")
def list_keys(*, stage: options.Stage = "dev") -> None:
    """List API keys."""
    _list("key", stage)


def _list(kind: admin_client.Secret, stage: str) -> None:
    fields = (f"{kind}_id", "state", "label", "spaces", "expires_at", "last_used_at")
    table = Table(*fields, box=None)
    for entry in admin_client.listed(gateway_of(stage), f"{kind}s"):
        table.add_row(*(_text(entry.get(field)) for field in fields))
    console.print(table)


def _text(value: object) -> str:
    if isinstance(value, list):
        return shown(" ".join(str(each) for each in value))
    return shown(value)


@app.command("rotate-token", context_settings=_ANY_ID)
def rotate_token(
    token_id: options.SecretId,
    *,
    stage: options.Stage = "dev",
    overlap_hours: options.OverlapHours = 24,
) -> None:
    """Replace a worker token. The old one stays valid during the overlap."""
    rotated = admin_client.rotate_secret(gateway_of(stage), "token", token_id, overlap_hours)
    if rotated.get("open_connections"):
        console.print(
            f"{rotated['open_connections']} connections opened with the old token could not be "
            "closed. Disconnect these workers on the page, or wait: a connection ends after two "
            "hours."
        )
    show_once("token", rotated)


@app.command("rotate-key", context_settings=_ANY_ID)
def rotate_key(
    key_id: options.SecretId,
    *,
    stage: options.Stage = "dev",
    overlap_hours: options.OverlapHours = 24,
) -> None:
    """Replace an API key. The old one stays valid during the overlap."""
    show_once("key", admin_client.rotate_secret(gateway_of(stage), "key", key_id, overlap_hours))


@app.command("revoke-token", context_settings=_ANY_ID)
def revoke_token(token_id: options.SecretId, *, stage: options.Stage = "dev") -> None:
    """Revoke a worker token and close its connections."""
    closed = admin_client.revoke_secret(gateway_of(stage), "token", token_id).get(
        "closed_connections", 0
    )
    console.print(f"Revoked [bold]{shown(token_id)}[/]; closed {closed} connections.")


@app.command("revoke-key", context_settings=_ANY_ID)
def revoke_key(key_id: options.SecretId, *, stage: options.Stage = "dev") -> None:
    """Revoke an API key."""
    admin_client.revoke_secret(gateway_of(stage), "key", key_id)
    console.print(f"Revoked [bold]{shown(key_id)}[/].")
