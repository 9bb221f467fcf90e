"""What the commands print."""

import json
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from infra.local.cloud import DEFAULT_PORT, LocalCloud
from infra.local.demos import SHOWS, Example
from infra.local.lifecycle import running_status
from infra.local.logs import LogLine
from infra.local.status import LocalPerson, LocalSpace, Status

console = Console(highlight=False, soft_wrap=True)


def tell(text: str) -> None:
    """Say what is being done."""
    console.print(text, style="dim")


def print_addresses(status: Status) -> None:
    """Print where page, API and socket are."""
    console.print(f"Page     [bold]{status.page_url}[/]")
    console.print(f"API      {status.api_url}/v1/spaces")
    console.print(f"Socket   {status.socket_url}")


def print_people(people: list[LocalPerson]) -> None:
    """Print who may sign in on the page, and with what."""
    for person in people:
        role = "administrator" if person.administrator else "user"
        console.print(f"Sign in  as [bold]{person.name}[/] ({role}), password {person.password}")


def print_demo(status: Status, example: Example) -> None:
    """Print what to do with the demo."""
    show = SHOWS[example]
    print_addresses(status)
    print_people(status.people)
    console.print(f"\nOpen the page, choose [bold]{show.title}[/] and try, for example:")
    console.print(f"  {show.hint}\n")


def print_worker_command(cloud: LocalCloud, space: LocalSpace) -> None:
    """Print the command that links a worker to a new space."""
    status = running_status(cloud)
    options = f"--url {status.socket_url} --token {space.worker_token} --spaces {space.space}"
    console.print(
        f"Created the space [bold]{space.space}[/]: {status.page_url}space.html?space={space.space}"
    )
    console.print(
        "Link a simulated model to it (or, in this folder: "
        + make_command(cloud, "mock-app")
        + "):"
    )
    console.print(f"  .venv/bin/spaces-worker mock-app {options}")
    console.print("or a function of yours:")
    console.print(f"  .venv/bin/spaces-worker run --function my_model.py:answer {options}")


def make_command(cloud: LocalCloud, target: str) -> str:
    """Return how to call a target of the Makefile for this local cloud."""
    return f"make {target}" + ("" if cloud.port == DEFAULT_PORT else f" PORT={cloud.port}")


def stop_hint(cloud: LocalCloud) -> str:
    """Return what ends a local cloud."""
    return f"`{make_command(cloud, 'stop')}` ends it."


def print_log_line(line: LogLine) -> None:
    """Print a line of a function, the message of a structured one first."""
    moment = datetime.fromtimestamp(line.time_ms / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
    console.print(f"[dim]{moment}[/] [cyan]{line.function:<10}[/]", end=" ")
    console.print(_message(line.text), markup=False)


def _message(text: str) -> str:
    try:
        fields: Any = json.loads(text)
    except ValueError:
        return text
    if not isinstance(fields, dict) or "message" not in fields:
        return text
    hidden = {"message", "timestamp", "service"}
    rest = {name: value for name, value in fields.items() if name not in hidden}
    return f"{fields['message']} {json.dumps(rest)}"
