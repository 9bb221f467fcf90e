"""Line plots as SVG, readable on light and dark pages."""

from collections.abc import Sequence
from math import floor, log10
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

WIDTH: Final = 640
HEIGHT: Final = 320
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 40, 50
COLOURS: Final = ("#2a78c8", "#c8642a", "#3a9a5b", "#8a5cc8")
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#333}.grid{stroke:#8884}.axis{stroke:#888}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)


class Series(NamedTuple):
    """A line: its name, and its points."""

    name: str
    points: Sequence[tuple[float, float]]


class Axis:
    """A scale, linear or logarithmic, from numbers to pixels."""

    def __init__(
        self, values: Sequence[float], low: float, high: float, *, logarithmic: bool
    ) -> None:
        self._log = logarithmic
        bottom, top = min(values), max(values)
        if logarithmic:
            self._from, self._to = float(floor(log10(bottom))), log10(top)
        else:
            self._from, self._to = min(0.0, bottom), top
        if self._to <= self._from:
            self._to = self._from + 1
        self._low, self._high = low, high

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        scaled = log10(value) if self._log else value
        part = (scaled - self._from) / (self._to - self._from)
        return self._low + part * (self._high - self._low)

    def ticks(self) -> list[float]:
        """Return values to mark: powers of ten, or five equal steps."""
        if self._log:
            return [10.0**power for power in range(int(self._from), floor(self._to) + 1)]
        step = _round_step((self._to - self._from) / 5)
        return [step * number for number in range(floor(self._to / step) + 1)]


def _round_step(step: float) -> float:
    power = 10.0 ** floor(log10(step))
    return next(each * power for each in (1, 2, 5, 10) if step <= each * power)


def line_plot(
    title: str,
    across: str,
    series: Sequence[Series],
    *,
    log_across: bool = True,
    log_up: bool = False,
) -> str:
    """Return a plot with a line for each series and its name beside its last point.

    Args:
        title: What is plotted, with its unit.
        across: What the horizontal axis shows.
        series: The lines. On a logarithmic axis, all values must be positive.
        log_across, log_up: Whether an axis is logarithmic.
    """
    horizontal = Axis(
        [x for each in series for x, _ in each.points], LEFT, WIDTH - RIGHT, logarithmic=log_across
    )
    vertical = Axis(
        [y for each in series for _, y in each.points], HEIGHT - BOTTOM, TOP, logarithmic=log_up
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<text x="{LEFT}" y="20" font-weight="600">{escape(title)}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(across)}</text>',
        *(_horizontal_tick(horizontal, value) for value in horizontal.ticks()),
        *(_vertical_tick(vertical, value) for value in vertical.ticks()),
    ]
    for index, each in enumerate(series):
        colour = COLOURS[index % len(COLOURS)]
        points = " ".join(f"{horizontal.at(x):.1f},{vertical.at(y):.1f}" for x, y in each.points)
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>'
        )
        parts.append(
            f'<text x="{LEFT + 10}" y="{TOP + 14 + 18 * index}" style="fill:{colour}">'
            f"{escape(each.name)}</text>"
        )
    return "\n".join([*parts, "</svg>", ""])


def _horizontal_tick(axis: Axis, value: float) -> str:
    x = axis.at(value)
    return (
        f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{HEIGHT - BOTTOM}" '
        f'y2="{HEIGHT - BOTTOM + 5}"/><text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" '
        f'text-anchor="middle">{value:,g}</text>'
    )


def _vertical_tick(axis: Axis, value: float) -> str:
    y = axis.at(value)
    return (
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,g}</text>'
    )
