"""Tells how much the simulation has seen."""

import pytest

from tests.simulation.explore import Found

_SEEN: dict[str, Found] = {}
_CAUGHT: dict[str, str] = {}


class Explored:
    """Collects what the tests of this folder found out."""

    def add(self, name: str, found: Found) -> None:
        """Note the size of a world."""
        _SEEN[name] = found

    def catch(self, mutant: str, rule: str) -> None:
        """Note by which rule a mutant was caught."""
        _CAUGHT[mutant] = rule


@pytest.fixture
def explored():
    return Explored()


def pytest_terminal_summary(terminalreporter):
    """Print the numbers that the proof stands on."""
    if _SEEN:
        states = sum(found.states for found in _SEEN.values())
        steps = sum(found.steps for found in _SEEN.values())
        whole = sum(found.complete for found in _SEEN.values())
        terminalreporter.write_line(
            f"simulation: {states:,} states and {steps:,} steps in {len(_SEEN)} worlds, "
            f"{whole} of them seen whole"
        )
    if _CAUGHT:
        terminalreporter.write_line(f"simulation: {len(_CAUGHT)} mutants caught")
