"""Command line: ``python -m tests.chaos``."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from infra.admin.stage_clients import EXPECTED, run
from infra.local.cloud import LocalCloud, local_cloud
from infra.local.emulator import LocalCloudError, free_port
from infra.local.strict_edge.rules import Rules
from tests.chaos.announce import announce_all
from tests.chaos.long_waits import wait_long
from tests.chaos.network import IDLE_SECONDS, LIFE_SECONDS, Network, cloud_behind_edge
from tests.chaos.play_scenes import play_scenes
from tests.chaos.report import console
from tests.chaos.run_storm import Size, run_storm

app = typer.Typer(add_completion=False, help="Faults on a local cloud, and what they lose.")


@app.command()
def storm(
    *,
    requests: Annotated[int, typer.Option(help="Requests to submit.")] = 1000,
    seconds: Annotated[float, typer.Option(help="How long they come, and faults with them.")] = 240,
    seed: Annotated[int, typer.Option(help="What the schedule of the faults is drawn from.")] = 1,
    lie: Annotated[
        bool,
        typer.Option("--lie", help="DynamoDB confirms writes that it does not make: must fail."),
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the logs of a good run too.")] = False,
) -> None:
    """Requests under faults of all kinds; exit code 1 if one was lost, doubled or stuck."""
    console.print(f"{requests} requests, {seconds:.0f} s of faults, seed {seed}")
    size = Size(requests, seconds, seed, lie)
    rules = Rules(idle_seconds=IDLE_SECONDS, life_seconds=LIFE_SECONDS)
    _on_own_cloud(
        lambda cloud, net, folder: run_storm(cloud, net, size, folder), seed, rules, keep=keep
    )


@app.command()
def scenes() -> None:
    """Single mishaps without other faults: pulled workers, requests that run too long."""
    _on_own_cloud(play_scenes, 1, Rules(), keep=False)


@app.command()
def waits(
    *,
    seconds: Annotated[int, typer.Option(help="How long each request takes.")] = 240,
    port: Annotated[int | None, typer.Option(help="Port of a local cloud that runs.")] = None,
) -> None:
    """Long requests through ``Prefer: wait`` by four clients, while functions are killed."""
    if port is not None:
        raise SystemExit(not wait_long(local_cloud(port), seconds))
    _on_own_cloud(lambda cloud, _net, _folder: wait_long(cloud, seconds), 1, Rules(), keep=False)


@app.command()
def webhooks(
    *,
    requests: Annotated[int, typer.Option(help="Requests to submit.")] = 1000,
    seconds: Annotated[float, typer.Option(help="How long they come.")] = 360,
    seed: Annotated[int, typer.Option(help="What their moods are drawn from.")] = 1,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the logs of a good run too.")] = False,
) -> None:
    """Webhooks to a receiver that is down, slow or rude; exit code 1 if one did not arrive."""
    console.print(f"{requests} webhooks, {seconds:.0f} s of faults, seed {seed}")
    size = (requests, seconds, seed)
    _on_own_cloud(
        lambda cloud, net, folder: announce_all(cloud, net, size, folder), seed, Rules(), keep=keep
    )


Run = Callable[[LocalCloud, Network, Path], bool]


def _on_own_cloud(run: Run, seed: int, rules: Rules, *, keep: bool) -> None:
    """Run something on a local cloud of its own and leave with its outcome as exit code."""
    folder = Path(tempfile.mkdtemp(prefix="spaces-chaos-"))
    cloud = local_cloud(free_port(), folder / "cloud")
    good = False
    try:
        with cloud_behind_edge(cloud, seed, console.print, rules) as net:
            good = run(cloud, net, folder)
    finally:
        if good and not keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            console.print(f"Logs: {folder}")
    raise SystemExit(not good)


if __name__ == "__main__":
    run(app, LocalCloudError, *EXPECTED)
