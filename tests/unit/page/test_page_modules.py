"""Runs the tests of the page's pure modules with Node's own test runner, in milliseconds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.project import PROJECT_FOLDER

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")  # the pinned one, whatever PATH names


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pure_modules_of_the_page(language: str) -> None:
    files = [str(file) for file in sorted(HERE.glob("*.test.mjs"))]
    command = [str(NODE), "--import", str(HERE / "setup.mjs"), "--test", *files]
    env = {**os.environ, "PAGE_LANGUAGE": language}
    run = subprocess.run(
        command, cwd=PROJECT_FOLDER, env=env, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
