"""Notes how much the simulation has seen, for the end of the run."""

from collections.abc import Callable

import pytest

from tests.closing_lines import CAUGHT, SEEN
from tests.simulation.actors import Program
from tests.simulation.explore import Found


class Explored:
    """Collects what a test of this folder found out."""

    def __init__(self, record: Callable[[str, object], None]):
        self._record = record

    def add(self, found: Found) -> None:
        """Note the size of a world."""
        self._record(SEEN, (found.states, found.steps, found.complete))

    def catch(self, rule: str) -> None:
        """Note by which rule a mutant was caught."""
        self._record(CAUGHT, rule)


@pytest.fixture
def explored(record_property):
    return Explored(record_property)


@pytest.fixture(scope="session")
def program():
    """The use cases as they are: what they do in one world need not be found out again in another.

    A test that changes them makes its own.
    """
    return Program()
