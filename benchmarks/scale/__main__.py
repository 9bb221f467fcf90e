"""Play all scenes and write SCALE.md with its plots: ``python -m benchmarks.scale``."""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.plot import Series, line_plot
from benchmarks.scale.quotas import FACTS
from benchmarks.scale.scenes import (
    LANES,
    RATES,
    SPACES,
    Load,
    Outage,
    Return,
    lanes,
    many_spaces,
    one_space,
    outage,
    return_at_once,
)

FOLDER: Final = Path(__file__).parents[1]
TEXTS: Final = Path(__file__).with_name("SCALE.md.in")
PLOTS: Final = FOLDER / "plots"
LOAD_HEAD: Final = (
    "asked | refused | not finished | start p50 | start p95 | lost swaps each | write units each"
    " | functions at once |"
)


def main() -> None:
    """Play, plot, write."""
    PLOTS.mkdir(exist_ok=True)
    one = list(_played("one space, requests a second", RATES, one_space))
    many = list(_played("spaces", SPACES, many_spaces))
    split = list(_played("lanes", LANES, lanes))
    back = [return_at_once(spaces) for spaces in (50, 1)]
    out = outage()
    _write("one-space", _plot_of_loads("One space", "requests a second", one))
    _write(
        "many-spaces",
        _plot_of_loads("Many spaces", "spaces, each with 0.1 requests a second", many),
    )
    _write("outage", _plot_of_outage(out))
    filled = TEXTS.read_text(encoding="utf-8").format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        one=_table("requests a second", one),
        many=_table("spaces", many),
        lanes=_table("lanes", split),
        back=_back(back),
        outage=_outage(out),
        facts="\n".join(
            f"| {each.name} | {each.value:,g} {each.unit} | {each.source} |" for each in FACTS
        ),
    )
    (FOLDER / "SCALE.md").write_text(filled, encoding="utf-8")
    print(filled)


def _played(name: str, loads: Iterable[int], scene: Callable[[int], Load]) -> Iterator[Load]:
    for load in loads:
        found = scene(load)
        print(f"{name}: {found}", file=sys.stderr, flush=True)
        yield found


def _write(name: str, plot: str) -> None:
    (PLOTS / f"{name}.svg").write_text(plot, encoding="utf-8")


def _plot_of_loads(title: str, across: str, loads: list[Load]) -> str:
    return line_plot(
        f"{title}: seconds until a request starts",
        across,
        [
            Series("p95", [(each.load, each.start_p95) for each in loads]),
            Series("p50", [(each.load, each.start_p50) for each in loads]),
        ],
        log_up=True,
    )


def _plot_of_outage(out: Outage) -> str:
    points = [(float(second), float(count)) for second, count in enumerate(out.by_second)]
    return line_plot(
        "A minute without DynamoDB: requests that ended in each second",
        "seconds",
        [Series("ended", points)],
        log_across=False,
    )


def _table(load: str, loads: list[Load]) -> str:
    lines = [f"| {load} | {LOAD_HEAD}", "|---" * (LOAD_HEAD.count("|") + 1) + "|"]
    for each in loads:
        reasons = ", ".join(f"{count} {name}" for name, count in each.why.items())
        refused = f"{each.refused:,}{f' ({reasons})' if reasons else ''}"
        lines.append(
            f"| {each.load:,g} | {each.asked:,} | {refused}"
            f" | {each.unfinished:,} | {each.start_p50:.2f} s | {each.start_p95:.2f} s"
            f" | {each.conflicts:.1f} | {each.write_units:.1f} | {each.at_once:,} |"
        )
    throttled = {
        f"{each.load:,g}: {count:,} {name}"
        for each in loads
        for name, count in each.throttled.items()
    }
    return "\n".join([*lines, "", f"Throttled: {'; '.join(sorted(throttled)) or 'nothing'}."])


def _back(found: list[Return]) -> str:
    return "\n".join(
        f"| {each.spaces} | {each.refused:,} | {each.half:.1f} s | {each.most:.1f} s"
        f" | {each.last:.1f} s | {each.conflicts:,} | {each.left} |"
        for each in found
    )


def _outage(out: Outage) -> str:
    return (
        f"| {out.asked:,} | {out.refused:,} | {out.unfinished} | {out.doubled} "
        f"| {out.caught_up:.1f} s |"
    )


if __name__ == "__main__":
    main()
