"""Programs of others against the OpenAI-compatible paths, each in its own environment."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.functional.openai.support.url_server import url_server

ROOT = Path(__file__).parents[4]
PYTHON = ROOT / ".build/openai-clients/bin/python"
SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture
def server(live):
    with url_server() as serving:
        yield serving


@pytest.fixture
def client(server):
    """Run a script with the packages of make install-openai-clients; return what it prints."""

    def run(script, *arguments, key="sk-any", timeout=200):
        command = _command(SCRIPTS / script)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": key,
        }
        ran = subprocess.run(
            [*command, *arguments],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-3000:] + ran.stdout[-3000:]
        return ran.stdout

    return run


@pytest.fixture
def client_python():
    return python_of_clients()


def _command(script):
    if script.suffix == ".mjs":
        node = ROOT / ".venv/bin/node"
        return [str(node) if node.exists() else shutil.which("node"), str(script)]
    return [python_of_clients(), str(script)]


def python_of_clients():
    if not PYTHON.exists():
        pytest.skip("make install-openai-clients has not been run")
    return str(PYTHON)
