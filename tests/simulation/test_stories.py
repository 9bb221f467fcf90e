"""Rules whose loss would cost time or double work; see `tests.simulation.stories`."""

import pytest

from tests.simulation.stories import STORIES
from tests.simulation.stories_of_identity import STORIES_OF_IDENTITY
from tests.simulation.stories_of_slots import STORIES_OF_SLOTS

ALL = STORIES | STORIES_OF_IDENTITY | STORIES_OF_SLOTS


@pytest.mark.parametrize("name", ALL)
def test_story(name, program):
    ALL[name](program)
