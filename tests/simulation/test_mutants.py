"""Removes every rule of the queue once; a proof that notices nothing would prove nothing."""

import pytest

from tests.simulation.actors import Program
from tests.simulation.cases import CASES
from tests.simulation.mutants import MUTANTS
from tests.simulation.stories import STORIES
from tests.simulation.watch import Broken


@pytest.mark.parametrize("name", MUTANTS)
def test_loss_of_a_rule_is_noticed(name, explored):
    mutant = MUTANTS[name]

    with mutant.applied(), pytest.raises(Broken) as caught:
        if mutant.caught_by in STORIES:
            STORIES[mutant.caught_by](Program())
        else:
            CASES[mutant.caught_by].explore()

    explored.catch(name, caught.value.rule)
