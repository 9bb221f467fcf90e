"""The caller client against the gateway's own handlers over loopback."""

import logging

import pytest

from spaces import bootstrap
from spaces.handlers.rest import edge
from spaces_client import Spaces
from tests.functional.caller.support.gateway_server import GatewayServer
from tests.functional.gateway.world import build_world
from tests.functional.openai.support.function_url import EDGE_KEY
from tests.functional.openai.support.live_world import playing_workers
from tests.functional.openai.support.playing_worker import in_real_time
from tests.served import served


@pytest.fixture
def live(aws, monkeypatch):
    world = build_world(*aws)
    in_real_time(world)
    # The gateway logs to the output of its process, which is the command's here.
    monkeypatch.setattr(logging.getLogger("spaces"), "handlers", [logging.NullHandler()])
    monkeypatch.setenv("EDGE_KEY", EDGE_KEY)
    monkeypatch.setattr(bootstrap, "build_gateway", lambda settings: world.gateway)
    bootstrap.gateway.cache_clear()
    edge._usable.cache_clear()
    yield world
    bootstrap.gateway.cache_clear()


@pytest.fixture
def server(live, aws):
    live.create_space("echo", features=("prompt", "call", "file"), max_file_bytes=2**30)
    with served(GatewayServer(aws[1])) as running:
        yield running


@pytest.fixture
def spaces(server):
    with Spaces(server.address) as client:
        yield client


@pytest.fixture
def play(live):
    """Start a worker that answers by a script."""
    with playing_workers(live) as start:
        yield start
