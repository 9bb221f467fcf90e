"""What the run has shown beyond passing: printed at its end, from whatever process it came."""

from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

SEEN: Final = "simulation: states, steps, seen whole"
CAUGHT: Final = "simulation: mutant"
_LINES: Final = pytest.StashKey[list[str]]()


def add_closing_line(config: pytest.Config, line: str) -> None:
    """Have a line printed at the end of the run."""
    config.stash.setdefault(_LINES, []).append(line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the lines of a worker process to the process that prints."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["closing lines"] = session.config.stash.get(_LINES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the lines of a worker process."""
    for line in getattr(node, "workeroutput", {}).get("closing lines", ()):
        add_closing_line(node.config, line)


def pytest_terminal_summary(terminalreporter: "TerminalReporter", config: pytest.Config) -> None:
    """Print the lines, and the numbers that the proof of the queue stands on."""
    reports = terminalreporter.getreports("passed")
    properties = [pair for report in reports for pair in report.user_properties]
    worlds = [value for name, value in properties if name == SEEN]
    mutants = [value for name, value in properties if name == CAUGHT]
    if worlds:
        states, steps, whole = map(sum, zip(*worlds, strict=True))
        terminalreporter.write_line(
            f"simulation: {states:,} states and {steps:,} steps in {len(worlds)} worlds, "
            f"{whole} of them seen whole"
        )
    if mutants:
        terminalreporter.write_line(f"simulation: {len(mutants)} mutants caught")
    for line in config.stash.get(_LINES, []):
        terminalreporter.write_line(line)
