"""Measure the gateway: units and cold starts, money, and a run of mixed requests."""

import json
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import results
from benchmarks.cost import mixed, picture, report

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


@app.command("results")
def measure_results() -> None:
    """Count units, measure cold starts, write RESULTS.md, and fail above a budget."""
    if broken := results.write_results():
        raise SystemExit("\n".join(["Above the budget:", *broken]))


@app.command("cost")
def cost(
    *,
    run: Annotated[
        Path | None, typer.Option(help="What `mixed` wrote, to compare the prediction with.")
    ] = None,
) -> None:
    """Turn counted units into money and write COST.md."""
    counted = None if run is None else mixed.Run(**json.loads(run.read_text("utf-8")))
    typer.echo(report.write_costs(counted))


@app.command("mixed")
def run_mixed(
    file: Annotated[Path, typer.Argument(help="Where the counts are written, as JSON.")],
    *,
    requests: Annotated[int, typer.Option(help="How many requests are submitted.", min=20)] = 1000,
    activity: Annotated[
        Path | None, typer.Option(help="Where the figures of the run are written, as JSON.")
    ] = None,
) -> None:
    """Run mixed requests on a local cloud behind an edge that counts every call to AWS."""
    counted = mixed.run(requests, activity)
    file.write_text(json.dumps(counted._asdict(), indent=2) + "\n", encoding="utf-8")
    typer.echo(file.read_text("utf-8"))


@app.command("picture")
def draw_picture(
    figures: Annotated[Path, typer.Argument(help="What `mixed --activity` wrote.")],
    file: Annotated[Path, typer.Argument(help="Where the SVG is written.")],
) -> None:
    """Draw the figures of a run as the terminal shows them."""
    picture.draw(figures, file)


if __name__ == "__main__":
    app()
