"""Random numbers for waiting times."""

import random
from typing import Final

random_unit: Final = random.SystemRandom().random
"""Returns a number from 0 to 1; ``random.seed`` in a user's file does not make workers alike."""
