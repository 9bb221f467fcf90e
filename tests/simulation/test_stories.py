"""Rules whose loss would cost time or double work; see `tests.simulation.stories`."""

import pytest

from tests.simulation.actors import Program
from tests.simulation.stories import STORIES


@pytest.mark.parametrize("name", STORIES)
def test_story(name):
    STORIES[name](Program())
