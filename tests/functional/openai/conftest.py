"""The OpenAI-compatible paths over moto's tables, with a worker in the test's hands."""

import pytest

from spaces import bootstrap
from spaces.handlers.rest import edge
from tests.functional.openai.support.function_url import EDGE_KEY, FunctionUrl
from tests.functional.openai.support.playing_worker import PlayingWorker, in_real_time


@pytest.fixture
def live(world, monkeypatch):
    """A world in real time, which the handlers use."""
    in_real_time(world)
    monkeypatch.setenv("EDGE_KEY", EDGE_KEY)
    monkeypatch.setattr(bootstrap, "build_gateway", lambda settings: world.gateway)
    bootstrap.gateway.cache_clear()
    edge._usable.cache_clear()
    yield world
    bootstrap.gateway.cache_clear()


@pytest.fixture
def api(live):
    return FunctionUrl()


@pytest.fixture
def play(live):
    """Start a worker that answers by a script."""
    workers = []

    def start(script, **options):
        worker = PlayingWorker(live, script, **options)
        worker.start()
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.stop()
