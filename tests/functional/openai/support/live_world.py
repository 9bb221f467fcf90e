"""A world in real time, which the handlers of this process use."""

from contextlib import contextmanager

from spaces import bootstrap
from spaces.handlers.rest import edge
from tests.functional.openai.support.function_url import EDGE_KEY
from tests.functional.openai.support.playing_worker import PlayingWorker, in_real_time


@contextmanager
def used_by_handlers(world, monkeypatch):
    """Let handlers use a world, whose clock runs from now on."""
    in_real_time(world)
    monkeypatch.setenv("EDGE_KEY", EDGE_KEY)
    monkeypatch.setattr(bootstrap, "build_gateway", lambda settings: world.gateway)
    bootstrap.gateway.cache_clear()
    edge._usable.cache_clear()
    yield
    bootstrap.gateway.cache_clear()


@contextmanager
def playing_workers(world):
    """Yield what starts a worker that answers by a script; stop them all at the end."""
    workers = []

    def start(script, **options):
        worker = PlayingWorker(world, script, **options)
        worker.start()
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.stop()
