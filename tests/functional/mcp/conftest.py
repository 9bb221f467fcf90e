"""``/mcp`` over moto's tables, with a worker in the test's hands."""

import pytest

from spaces.handlers.mcp import call_tool
from tests.functional.access.support.credentials import new_key
from tests.functional.mcp.support.endpoint import Endpoint
from tests.functional.openai.support.live_world import playing_workers, used_by_handlers


@pytest.fixture
def live(world, monkeypatch):
    with used_by_handlers(world, monkeypatch):
        yield world


@pytest.fixture
def play(live):
    """Start a worker that answers by a script."""
    with playing_workers(live) as start:
        yield start


@pytest.fixture
def mcp(live):
    return Endpoint()


@pytest.fixture
def key(live):
    """A key for one private space, as a header."""
    live.create_space("closed", visibility="private")
    return {"Authorization": f"Bearer {new_key(live, 'closed').key}"}


@pytest.fixture
def impatient(monkeypatch):
    """Hold calls back for no time at all."""
    monkeypatch.setattr(call_tool, "AT_ONCE", 0)
    monkeypatch.setattr(call_tool, "SOON", 0)
    monkeypatch.setattr(call_tool, "HOLD_SECONDS", 0)
