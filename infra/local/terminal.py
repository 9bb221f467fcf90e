"""The output of the commands."""

import json
import shlex
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import segno
from rich.console import Console

from infra.local.cloud import DEFAULT_PORT, LocalCloud
from infra.local.demos import DEMOS, Demo, Example
from infra.local.lifecycle import running_status
from infra.local.logs import LogLine
from infra.local.status import LocalPerson, LocalSpace, Status

console = Console(highlight=False, soft_wrap=True)


def print_step(text: str) -> None:
    """Print what the command is doing."""
    console.print(text, style="dim")


def print_addresses(status: Status) -> None:
    """Print the addresses of page, API, WebSocket, OpenAI API, MCP and streams."""
    console.print(f"Page     [bold]{status.page_url}[/]")
    console.print(f"API      {status.api_url}/v1/spaces")
    console.print(f"Socket   {status.socket_url}")
    console.print(f"OpenAI   {status.openai_url}")
    console.print(f"MCP      {status.mcp_url}")
    console.print(f"Streams  {status.stream_url}")


def print_people(people: list[LocalPerson]) -> None:
    """Print the accounts that can sign in on the page."""
    for person in people:
        role = "administrator" if person.administrator else "user"
        console.print(f"Sign in  as [bold]{person.name}[/] ({role}), password {person.password}")


def print_demo(status: Status, example: Example) -> None:
    """Print what to try in the demo."""
    demo = DEMOS[example]
    print_addresses(status)
    print_people(status.people)
    console.print(f"\nOpen the page, choose [bold]{demo.title}[/] and try, for example:")
    console.print(f"  {demo.hint}\n")
    if demo.takes_prompts:
        console.print(
            f"Or use the model [bold]{demo.space}[/] in any program that speaks the OpenAI API. "
            "Its base address is the line OpenAI above, and any key will do:"
        )
        console.print(f"  {openai_command(status, demo)}\n", markup=False)


def print_lan(status: Status, space: str | None) -> None:
    """Print the page's address in the local network, with a QR code, and what is open there."""
    address = f"{status.lan_url}space.html?space={space}" if space else status.lan_url
    console.print(f"\nPhones and other devices in this network can open [bold]{address}[/]")
    if console.is_terminal and console.encoding.lower().startswith("utf"):
        drawn = StringIO()
        segno.make(address, error="l").terminal(out=drawn, compact=True, border=2)
        console.print(drawn.getvalue(), markup=False)
    console.print(
        "Everybody in this network can now use the public spaces and read the answers whose links "
        "they have, without encryption. Signing in, the administration and the rest of the local "
        "cloud stay closed.\n",
        style="yellow",
    )


def openai_command(status: Status, demo: Demo) -> str:
    """Return a command line that asks a demo's model through the OpenAI API."""
    body = {"model": demo.space, "messages": [{"role": "user", "content": demo.hint}]}
    return shlex.join(
        [
            *("curl", "-sSL", f"{status.openai_url}/chat/completions"),
            *("-H", "Authorization: Bearer any"),
            *("-H", "Content-Type: application/json"),
            *("-d", json.dumps(body, ensure_ascii=False)),
        ]
    )


def print_worker_command(cloud: LocalCloud, space: LocalSpace) -> None:
    """Print the commands that connect a worker to a new space."""
    status = running_status(cloud)
    options = f"--url {status.socket_url} --token {space.worker_token} --spaces {space.space}"
    console.print(
        f"Created the space [bold]{space.space}[/]: {status.page_url}space.html?space={space.space}"
    )
    console.print(
        f"Connect a simulated model to it (in this folder: {make_command(cloud, 'mock-app')}):"
    )
    console.print(f"  .venv/bin/spaces-worker mock-app {options}")
    console.print("Or connect your own function:")
    console.print(f"  .venv/bin/spaces-worker run --function my_model.py:answer {options}")


def make_command(cloud: LocalCloud, target: str) -> str:
    """Return the command for a Makefile target and this local cloud."""
    return f"make {target}" + ("" if cloud.port == DEFAULT_PORT else f" PORT={cloud.port}")


def stop_hint(cloud: LocalCloud) -> str:
    """Return a sentence that says how to stop a local cloud."""
    return f"Stop it with `{make_command(cloud, 'stop')}`."


def print_log_line(line: LogLine) -> None:
    """Print a line of a function's log; the message of a structured line comes first."""
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
