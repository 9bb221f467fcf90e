"""Programs of others against the OpenAI-compatible paths, each in its own environment."""

import os
import re
import subprocess
from functools import partial

import pytest

from tests.functional.openai.support.url_server import url_server
from tests.openai_clients.environment import python_of_clients, run_script


@pytest.fixture
def server(live):
    with url_server() as serving:
        yield serving


@pytest.fixture
def client(server):
    """Run a script against the gateway; return what it prints."""
    return partial(run_script, base_url=server.base_url)


@pytest.fixture
def passed_tests():
    """Run pytest with the packages of make install-openai-clients; return how many tests passed."""

    def run(*arguments, folder, **environment):
        ran = subprocess.run(
            [python_of_clients(), "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
            cwd=folder,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout[-16000:] + ran.stderr[-2000:]
        passed = re.search(r"(\d+) passed", ran.stdout)
        assert passed
        return int(passed[1])

    return run
