"""Draws the comparison as SVG: waiting times, and what became of requests after a crash."""

from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Final

from benchmarks.peers.kill_test import Verdict

_WORDS: Final = MappingProxyType(
    {
        "en": {
            "alt": "Bars for each design: how long one caller waits, and how many of {requests} "
            "requests were answered, lost or stuck after worker or server was killed",
            "wait": "One caller waits, p50",
            "worker": "Worker killed: {requests} requests",
            "server": "Server killed: {requests} requests",
            "answered": "answered",
            "lost": "lost",
            "stuck": "stuck",
        },
        "zh": {
            "alt": "各方案的条形图：单个调用者等待多久，以及杀死 worker 和服务器之后，"
            "{requests} 个请求中有多少得到回答、丢失或卡住",
            "wait": "单个调用者的等待（p50）",
            "worker": "杀死 worker：{requests} 个请求",
            "server": "杀死服务器：{requests} 个请求",
            "answered": "已回答",
            "lost": "丢失",
            "stuck": "卡住",
        },
    }
)
LANGUAGES: Final = tuple(_WORDS)
_STYLE: Final = """\
    text { font: 14px system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", \
"Microsoft YaHei", sans-serif; fill: #1b1b22; }
    .head { font-weight: 600; }
    .own { font-weight: 600; }
    .small { font-size: 13px; fill: #5b5b66; }
    .wait { fill: #2b44c4; }
    .answered { fill: #14683b; }
    .lost { fill: #b3261e; }
    .stuck { fill: #d98e04; }
"""
_WIDTH: Final = 960
_TOP: Final = 84
_ROW: Final = 38
_BAR: Final = 18
_NAMES: Final = 24
_WAIT: Final = (210, 130)
_KILLS: Final = MappingProxyType({"worker": (440, 190), "server": (695, 190)})
_KINDS: Final = ("answered", "lost", "stuck")


@dataclass(frozen=True)
class Bar:
    """One design in the plot.

    Attributes:
        seconds: how long one caller waits.
        own: whether it is this project.
    """

    name: str
    seconds: float
    worker: Verdict
    server: Verdict
    own: bool


def draw(bars: list[Bar], requests: int, language: str) -> str:
    """Return the plot. It has a background of its own, so that it can be read on any page."""
    said = {key: text.format(requests=requests) for key, text in _WORDS[language].items()}
    height = _TOP + _ROW * len(bars) + 44
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"',
        f'  role="img" aria-label="{said["alt"]}.">',
        f"  <style>\n{_STYLE}  </style>",
        f'  <rect width="{_WIDTH}" height="{height}" rx="14" fill="#f6f5f1"/>',
        *(
            _text(left, 44, said[head], "head")
            for head, (left, _) in (("wait", _WAIT), *_KILLS.items())
        ),
    ]
    longest = max(bar.seconds for bar in bars)
    for number, bar in enumerate(bars):
        lines += _row(bar, _TOP + _ROW * number, longest)
    lines += _legend(said, height - 22)
    return "\n".join([*lines, "</svg>", ""])


def _row(bar: Bar, top: float, longest: float) -> list[str]:
    middle = top + _BAR - 4
    left, width = _WAIT
    long = max(2, width * bar.seconds / longest)
    lines = [
        _text(_NAMES, middle, bar.name, "own" if bar.own else ""),
        _rectangle(left, top, long, "wait"),
        _text(left + long + 6, middle, f"{bar.seconds * 1000:,.0f} ms", "small"),
    ]
    for verdict, (start, full) in zip((bar.worker, bar.server), _KILLS.values(), strict=True):
        at: float = start
        for kind in _KINDS:
            number = getattr(verdict, kind)
            if number:
                wide = max(2, full * number / verdict.accepted)
                lines.append(_rectangle(at, top, wide, kind))
                at += wide
        lines.append(_text(at + 6, middle, f"{verdict.answered}", "small"))
    return lines


def _legend(said: dict[str, str], baseline: float) -> list[str]:
    lines = []
    at = _KILLS["worker"][0]
    for kind in _KINDS:
        lines.append(_rectangle(at, baseline - 11, 12, kind, 12))
        lines.append(_text(at + 18, baseline, said[kind], "small"))
        at += 100
    return lines


def _text(left: float, baseline: float, text: str, kind: str) -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'  <text{marked} x="{left:.0f}" y="{baseline:.0f}">{escape(text)}</text>'


def _rectangle(left: float, top: float, width: float, kind: str, height: float = _BAR) -> str:
    return (
        f'  <rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}"'
        f' height="{height}"/>'
    )
