"""Times all contenders in turn, with one caller and with many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.peers.contenders import Contender
from benchmarks.peers.programs import CallerProcess
from benchmarks.peers.usage import Usage, watched

LASTS: Final = 6.0
"""How many seconds callers call a contender in a round."""


@dataclass
class Timed:
    """What was measured of a contender with a number of callers.

    Attributes:
        waited: seconds of each call that was answered.
        failed: calls that ended with an error.
        seconds: how long all rounds took together.
    """

    waited: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waited) / self.seconds


Timings = dict[str, dict[int, Timed]]


def time_all(
    contenders: Mapping[str, tuple[Contender, CallerProcess]],
    crowds: Sequence[int],
    rounds: int,
    report: Callable[[str], None],
) -> Timings:
    """Call each in turn, so that what else the machine does falls on all of them.

    A first round is not counted: callers connect in it, and functions start.

    Args:
        contenders: all that run, with the processes of their callers.
        crowds: how many callers there are, one number after the other.
        rounds: how often all of this is done.
        report: called with each step.
    """
    found: Timings = {name: {callers: Timed() for callers in crowds} for name in contenders}
    for turn in range(rounds + 1):
        for callers in crowds:
            for name, (contender, process) in contenders.items():
                timed = found[name][callers]
                with watched(contender.server_processes, timed.usage):
                    batch = process.time(callers, 0, LASTS if turn else 0)
                if turn:
                    timed.waited += batch["waited"]
                    timed.failed += len(batch["failed"])
                    timed.seconds += batch["seconds"]
                answers = f"{len(batch['waited'])} answers in {batch['seconds']:.1f} s"
                report(f"round {turn}, {callers} callers: {name}: {answers}")
                for error in sorted(set(batch["failed"])):
                    report(f"    {batch['failed'].count(error)} failed: {error}")
    return found
