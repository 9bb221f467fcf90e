"""A question to the logs, in two forms: as text for Logs Insights, and as an answer from lines.

Both come from one definition, so the dashboard, the saved queries and ``infra.admin activity`` show
the same figures on AWS and on the local cloud.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Line = Mapping[str, Any]
"""A log line as the functions write it: JSON, with the name of the event in ``message``."""
Row = dict[str, str | float]
"""One row of an answer, by column."""


@dataclass(frozen=True)
class Column:
    """A figure of an answer.

    Attributes:
        name: its name, in both forms.
        insights: how Logs Insights calculates it.
        calculate: the same, from lines; None if no line has what it needs.
    """

    name: str
    insights: str
    calculate: Callable[[list[Line]], float | None]


def count(name: str, only: tuple[str, str] | None = None) -> Column:
    """Count lines; with ``only``, those whose field has a value."""
    if only is None:
        return Column(name, "count(*)", len)
    field, value = only
    return Column(
        name,
        f'sum(strcontains({field}, "{value}"))',
        lambda lines: sum(value in str(line.get(field, "")) for line in lines),
    )


def distinct(name: str, field: str) -> Column:
    """Count the different values of a field. Logs Insights estimates many."""
    return Column(
        name,
        f"count_distinct({field})",
        lambda lines: len({line[field] for line in lines if field in line}),
    )


def percentile(name: str, field: str, percent: int) -> Column:
    """Return the value that a part of all lines does not exceed."""

    def calculate(lines: list[Line]) -> float | None:
        values = _numbers(lines, field)
        return values[math.ceil(len(values) * percent / 100) - 1] if values else None

    return Column(name, f"pct({field}, {percent})", calculate)


def most(name: str, field: str) -> Column:
    """Return the largest value of a field."""
    return Column(name, f"max({field})", lambda lines: max(_numbers(lines, field), default=None))


def total(name: str, field: str) -> Column:
    """Add up a field."""
    return Column(name, f"sum({field})", lambda lines: sum(_numbers(lines, field)))


@dataclass(frozen=True)
class LogQuery:
    """A question.

    Attributes:
        events: the events that it looks at.
        columns: what it calculates.
        by: the fields by which the lines are grouped; without any, the answer is one row.
    """

    events: tuple[str, ...]
    columns: tuple[Column, ...]
    by: tuple[str, ...] = ()

    def insights(self, every: str | None = None) -> str:
        """Return the query in the language of Logs Insights.

        Args:
            every: a period such as ``5m``; the answer is then a curve with a point per period,
                instead of groups.
        """
        names = ", ".join(f'"{event}"' for event in self.events)
        figures = ", ".join(f"{column.insights} as {column.name}" for column in self.columns)
        groups = f"bin({every})" if every else ", ".join(self.by)
        stages = [f"filter message in [{names}]", f"stats {figures}{groups and ' by '}{groups}"]
        if not every and self.by:
            stages.append(f"sort {self.columns[0].name} desc")
        return "\n| ".join(stages)

    def answer(self, lines: Iterable[Line]) -> list[Row]:
        """Return what Logs Insights would answer if these were all lines."""
        groups: dict[tuple[str, ...], list[Line]] = {} if self.by else {(): []}
        for line in lines:
            if line.get("message") in self.events:
                key = tuple(str(line.get(field, "")) for field in self.by)
                groups.setdefault(key, []).append(line)
        rows = [self._row(key, found) for key, found in groups.items()]
        return sorted(rows, key=lambda row: -_as_number(row.get(self.columns[0].name, 0)))

    def _row(self, key: tuple[str, ...], lines: list[Line]) -> Row:
        figures = {column.name: column.calculate(lines) for column in self.columns}
        found = {name: value for name, value in figures.items() if value is not None}
        return {**dict(zip(self.by, key, strict=True)), **found}


def _numbers(lines: list[Line], field: str) -> list[float]:
    return sorted(line[field] for line in lines if isinstance(line.get(field), int | float))


def _as_number(value: str | float) -> float:
    return value if isinstance(value, int | float) else 0
