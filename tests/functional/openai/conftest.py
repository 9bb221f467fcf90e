"""The OpenAI-compatible paths over moto's tables, with a worker in the test's hands."""

import pytest

from tests.functional.openai.support.function_url import FunctionUrl
from tests.functional.openai.support.live_world import playing_workers, used_by_handlers


@pytest.fixture
def live(world, monkeypatch):
    with used_by_handlers(world, monkeypatch):
        yield world


@pytest.fixture
def api(live):
    return FunctionUrl()


@pytest.fixture
def play(live):
    """Start a worker that answers by a script."""
    with playing_workers(live) as start:
        yield start
