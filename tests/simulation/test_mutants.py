"""Removes every rule of the queue once; a proof that notices nothing would prove nothing."""

import pytest

from tests.simulation.actors import Program
from tests.simulation.cases import CASES
from tests.simulation.mutants.every import MUTANTS
from tests.simulation.stories import STORIES
from tests.simulation.stories_of_identity import STORIES_OF_IDENTITY
from tests.simulation.stories_of_slots import STORIES_OF_SLOTS
from tests.simulation.watch import Broken


@pytest.mark.parametrize("name", MUTANTS)
def test_loss_of_a_rule_is_noticed(name, explored):
    with MUTANTS[name].applied(), pytest.raises(Broken) as caught:
        _look(MUTANTS[name].caught_by)

    explored.catch(caught.value.rule)


def _look(where):
    stories = STORIES | STORIES_OF_IDENTITY | STORIES_OF_SLOTS
    if where in stories:
        stories[where](Program())
    else:
        CASES[where].explore(Program())
