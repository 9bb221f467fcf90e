"""What tests of all kinds share; it imports nothing that only some kinds need.

The folders that need the local cloud or Chromium load them: see `tests/local/conftest.py`.
"""

import pytest
from hypothesis import settings

settings.register_profile("spaces", deadline=None)  # how long an example takes says what else ran
settings.load_profile("spaces")

pytest_plugins = ["tests.order", "tests.closing_lines"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--local-port",
        type=int,
        help="use the local cloud that runs on this port, instead of starting one",
    )
