"""Prints what became of a run."""

from rich.console import Console
from rich.table import Table

from tests.chaos.verdict import Verdict

console = Console(highlight=False, width=100)
SHOWN = 20


def print_verdict(
    verdict: Verdict,
    people: dict[str, int],
    faults: dict[str, int],
    rules: dict[str, int],
    seconds: float,
) -> None:
    """Print the tables, and what is wrong in words."""
    wrong = {
        "lost": verdict.lost,
        "answered twice or changed": verdict.twice,
        "stuck": verdict.stuck,
        "out of order": verdict.misordered,
    }
    counted = {what: len(lines) for what, lines in wrong.items()}
    rows = {**verdict.numbers, **people, **counted, "seconds": round(seconds)}
    console.print(_table("Requests", rows))
    console.print(_table(f"Faults: {sum(faults.values())}", faults))
    console.print(_table("Rules of the strict edge that were met", dict(sorted(rules.items()))))
    for what, lines in wrong.items():
        for line in lines[:SHOWN]:
            console.print(f"{what}: {line}", markup=False)


def print_announcements(
    numbers: dict[str, int | float], wrong: dict[str, list[str]], faults: dict[str, int]
) -> None:
    """Print what became of the webhooks of a run."""
    counted = {what: len(lines) for what, lines in wrong.items()}
    console.print(_table("Webhooks", {**numbers, **counted}))
    console.print(_table(f"Faults: {sum(faults.values())}", faults))
    for what, lines in wrong.items():
        for line in lines[:SHOWN]:
            console.print(f"{what}: {line}", markup=False)


def _table(title: str, rows: dict[str, int | float] | dict[str, int]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in rows.items():
        table.add_row(name, f"{number:,}")
    return table
