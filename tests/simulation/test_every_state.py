"""Visits every state of small worlds; see `tests.simulation.cases`."""

import pytest

from tests.simulation.cases import CASES


@pytest.mark.parametrize("name", CASES)
def test_no_invariant_breaks_in_any_state(name, explored, program):
    found = CASES[name].explore(program)

    explored.add(found)
    assert found.rests > 1
