"""Kills the worker or the server of a contender while requests are in flight, and counts."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.peers.contenders import Contender, running

Victim = Literal["worker", "server"]
MODEL_SECONDS: Final = 0.1
QUIET_SECONDS: Final = 130
"""How long callers wait without any news. OllaBridge reports an error after 120 s."""
DOWN_SECONDS: Final = 1.0
_RUNS_BEFORE: Final = 10
"""Runs that begin before the kill, which comes in the middle of the last one."""
_LOOK_SECONDS: Final = 0.01


@dataclass(frozen=True)
class Verdict:
    """What became of the accepted requests.

    Attributes:
        accepted: requests that the contender had accepted.
        in_flight: of them, those that the model had not finished at the kill.
        answered: of them, those that got an answer.
        lost: an error, or silence and the contender knows nothing of it.
        doubled: two different answers.
        stuck: silence, although the contender still has it.
        run_again: requests that the model began more than once.
        seconds: from the kill until all had an answer or an error, or callers gave up.
    """

    accepted: int
    in_flight: int
    answered: int
    lost: int
    doubled: int
    stuck: int
    run_again: int
    seconds: float


def kill_all(
    contenders: Mapping[str, Contender],
    victim: Victim,
    requests: int,
    report: Callable[[str], None],
) -> dict[str, Verdict]:
    """Play one scene with all contenders side by side: nothing here is about speed.

    A contender whose server runs the model has no worker to kill.
    """
    played = {
        name: contender
        for name, contender in contenders.items()
        if victim == "server" or contender.worker is not None
    }
    with ThreadPoolExecutor(len(played)) as pool:
        verdicts = {
            name: pool.submit(_kill, contender, victim, requests, partial(_report, report, name))
            for name, contender in played.items()
        }
        return {name: verdict.result() for name, verdict in verdicts.items()}


def judge(
    accepted: int, before: int, told: dict[str, Any], begun: Counter[str], seconds: float
) -> Verdict:
    """Count what became of the accepted requests.

    Args:
        accepted: how many there are.
        before: how many of them the model had finished at the kill.
        told: what the callers tell at the end, as ``scripts/calling.py`` writes it.
        begun: how many times the model began each.
        seconds: from the kill until they told it.
    """
    outcomes = told["outcomes"]
    silent = sum(1 for each in outcomes if not each["answers"] and each["error"] is None)
    stuck = silent if told["held"] is None else min(silent, told["held"])
    answered = sum(1 for each in outcomes if each["answers"])
    return Verdict(
        accepted=accepted,
        in_flight=accepted - before,
        answered=answered,
        lost=accepted - answered - stuck,
        doubled=sum(1 for each in outcomes if len(each["answers"]) > 1),
        stuck=stuck,
        run_again=sum(1 for times in begun.values() if times > 1),
        seconds=seconds,
    )


def _report(report: Callable[[str], None], name: str, text: str) -> None:
    report(f"{name}: {text}")


def _kill(
    contender: Contender, victim: Victim, requests: int, report: Callable[[str], None]
) -> Verdict:
    runs = contender.runs
    hurt = contender.worker if victim == "worker" else contender.server
    assert runs is not None
    assert hurt is not None
    with running(contender, with_worker=False) as caller:
        caller.send({"do": "keep", "requests": requests, "seconds": MODEL_SECONDS})
        accepted = caller.read()["accepted"]
        report(f"{accepted} accepted")
        if contender.worker is not None and not contender.needs_worker:
            contender.worker.start()
        before = _wait_for_runs(runs)
        if victim == "server":
            contender.also_killed()
        hurt.kill()
        killed_at = time.monotonic()
        report(f"{victim} killed in the middle of the request after {before} answers")
        caller.send({"quiet": QUIET_SECONDS})
        time.sleep(DOWN_SECONDS)
        hurt.start()
        told = caller.read()
        seconds = time.monotonic() - killed_at
    verdict = judge(accepted, before, told, Counter(_notes(runs, "begin")), seconds)
    report(f"{verdict}")
    return verdict


def _wait_for_runs(runs: Path) -> int:
    """Wait until the model is in the middle of a run; return how many it has finished."""
    already = len(_notes(runs, "begin"))
    while True:
        begun, ended = _notes(runs, "begin"), _notes(runs, "end")
        if len(begun) > len(ended) and len(begun) >= already + _RUNS_BEFORE:
            return len(ended)
        time.sleep(_LOOK_SECONDS)


def _notes(runs: Path, kind: str) -> list[str]:
    """Return the names of the requests whose runs began or ended; see ``scripts/model.py``."""
    lines = runs.read_text(encoding="utf-8").splitlines() if runs.exists() else []
    notes = [line.split() for line in lines]
    return [name for what, name, _run in notes if what == kind and name.startswith("r")]
