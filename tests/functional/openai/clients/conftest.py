"""Programs of others against the OpenAI-compatible paths, each in its own environment."""

import os
import re
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


def _command(script):
    if script.suffix == ".mjs":
        node = ROOT / ".venv/bin/node"
        return [str(node) if node.exists() else shutil.which("node"), str(script)]
    return [python_of_clients(), str(script)]


def python_of_clients():
    if not PYTHON.exists():
        pytest.skip("make install-openai-clients has not been run")
    return str(PYTHON)
