"""Writes PEERS.md and its plots from what was measured."""

import platform
import re
import statistics
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

from benchmarks.latency.table import percentile_95
from benchmarks.peers import words
from benchmarks.peers.contenders import CELERY, CELERY_AOF, CELERY_LATE
from benchmarks.peers.gateway import ECHO, SPACES
from benchmarks.peers.kill_test import Verdict
from benchmarks.peers.plot import LANGUAGES, Bar, draw
from benchmarks.peers.timing import Timed, Timings
from infra.project import PROJECT_FOLDER

RESULT: Final = Path(__file__).parents[1] / "PEERS.md"
IMAGES: Final = PROJECT_FOLDER / "docs" / "images"
_PACKAGES: Final = ("gradio", "flask-socketio", "celery", "ollabridge")
_MEGABYTE: Final = 1_000_000
_ENOUGH: Final = 2


@dataclass(frozen=True)
class Results:
    """All that a run measured.

    Attributes:
        requests: how many requests were accepted before each kill.
        load: the load average of the machine over the five minutes before the kills.
    """

    timings: Timings
    workers: dict[str, Verdict]
    servers: dict[str, Verdict]
    rounds: int
    requests: int
    load: float


def write_report(results: Results) -> None:
    """Write the report and the plots."""
    RESULT.write_text(report(results), encoding="utf-8")
    for language in LANGUAGES:
        suffix = "" if language == "en" else f".{language}"
        file = IMAGES / f"peers{suffix}.svg"
        file.write_text(draw(_bars(results), results.requests, language), encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


def report(results: Results) -> str:
    """Return the text of the report."""
    return "\n".join(
        [
            _head(results),
            words.KILL_HEAD.format(requests=results.requests),
            _kill_table(results),
            words.KILL_NOTES,
            words.WAIT_HEAD,
            _wait_table(results.timings),
            words.RATE_HEAD,
            _rate_table(results.timings),
            words.USAGE_HEAD,
            _usage_table(results.timings),
            words.DISTORTED,
        ]
    )


def _head(results: Results) -> str:
    return words.HEAD.format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=psutil.cpu_count(),
        python=platform.python_version(),
        load=results.load,
        versions=", ".join([*_pinned(), _redis(), f"ministack {version('ministack')}"]),
        rounds=results.rounds,
        requests=results.requests,
    )


def _pinned() -> list[str]:
    text = (PROJECT_FOLDER / "requirements" / "peers.txt").read_text(encoding="utf-8")
    found = dict(re.findall(r"^([\w-]+)==(\S+)", text, re.MULTILINE))
    return [f"{name} {found[name]}" for name in _PACKAGES]


def _redis() -> str:
    try:
        told = subprocess.run(
            ["redis-server", "--version"],  # noqa: S607 - wherever it is installed
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    except OSError:
        return "no Redis"
    return f"Redis {told.split('v=')[1].split()[0]}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, [_rule(head) for head in heads], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _rule(head: str) -> str:
    return "---" if head.startswith(("killed", "design")) else "--:"


def _kill_table(results: Results) -> str:
    heads = ["killed", "design", "accepted", "in flight", "answered", "lost", "doubled", "stuck"]
    heads += ["run again", "seconds"]
    rows = [
        [killed, name, *_kill_cells(verdict)]
        for killed, verdicts in (("worker", results.workers), ("server", results.servers))
        for name, verdict in verdicts.items()
    ]
    return _table(heads, rows)


def _kill_cells(verdict: Verdict) -> list[str]:
    faults = (verdict.lost, verdict.doubled, verdict.stuck)
    return [
        str(verdict.accepted),
        str(verdict.in_flight),
        str(verdict.answered),
        *(f"**{number}**" for number in faults),
        str(verdict.run_again),
        f"{verdict.seconds:.0f}",
    ]


def _wait_table(timings: Timings) -> str:
    crowds = _crowds(timings)
    heads = ["design", *(f"p50 · p95, {_callers(number)}" for number in crowds)]
    heads += [f"÷ echo, {number}" for number in crowds]
    echo = timings[ECHO]
    rows = [
        [
            name,
            *(_waited(by_crowd[number]) for number in crowds),
            *(f"{_p50(by_crowd[number]) / _p50(echo[number]):.1f}" for number in crowds),
        ]
        for name, by_crowd in timings.items()
    ]
    return _table(heads, rows)


def _crowds(timings: Timings) -> list[int]:
    return list(timings[ECHO])


def _callers(number: int) -> str:
    return "1 caller" if number == 1 else f"{number} callers"


def _waited(timed: Timed) -> str:
    if len(timed.waited) < _ENOUGH:
        return f"{timed.failed} failed"
    text = f"{_p50(timed) * 1000:,.0f} · {percentile_95(timed.waited) * 1000:,.0f} ms"
    return f"{text}, {timed.failed} failed" if timed.failed else text


def _p50(timed: Timed) -> float:
    return statistics.median(timed.waited or [float("nan")])


def _rate_table(timings: Timings) -> str:
    heads = ["design", *map(_callers, _crowds(timings))]
    rows = [
        [name, *(f"{timed.rate:,.1f}" for timed in by_crowd.values())]
        for name, by_crowd in timings.items()
    ]
    return _table(heads, rows)


def _usage_table(timings: Timings) -> str:
    most = max(_crowds(timings))
    rows = []
    for name, by_crowd in timings.items():
        if name == ECHO:
            continue
        usage = by_crowd[most].usage
        memory = f"{usage.memory / _MEGABYTE:,.0f} MB"
        rows.append([name, memory, str(usage.threads), str(usage.processes)])
    return _table([f"design, {_callers(most)}", "memory", "threads", "processes"], rows)


def _bars(results: Results) -> list[Bar]:
    names = [name for name in results.servers if name not in {CELERY_LATE, CELERY_AOF}]
    best = CELERY_AOF if CELERY_AOF in results.servers else None
    bars = []
    for name in [*names, *([CELERY_AOF] if best else [])]:
        timed = results.timings.get(CELERY if name == CELERY_AOF else name)
        assert timed is not None
        worker = results.workers.get(name) or results.servers[name]
        bars.append(
            Bar(name, _p50(timed[min(timed)]), worker, results.servers[name], name == SPACES)
        )
    return bars
