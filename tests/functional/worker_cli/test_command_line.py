"""The command as a whole: help, completion, and what it loads."""

import re
import subprocess
import sys
import tomllib

import pytest

from spaces_worker._exit_codes import ExitCode
from tests.functional.worker.conftest import ROOT

COMMANDS = "run", "mock-app", "doctor", "status", "install-service"
MOST_DEPENDENCIES = 6


async def output_of(command, *arguments, **variables):
    process = await command(*arguments, **variables)
    output, errors = await process.communicate()
    assert process.returncode == 0, errors
    return output.decode()


async def test_the_help_names_every_command_and_exit_code(command):
    text = " ".join((await output_of(command, "--help", COLUMNS="200")).split())

    assert all(f"│ {name} " in text for name in COMMANDS)
    codes = text.partition("Exit codes:")[2].partition("│")[0]
    assert {int(each) for each in re.findall(r"\b\d+\b", codes)} == {1, *ExitCode}


@pytest.mark.parametrize("name", COMMANDS)
async def test_every_command_has_help(command, name):
    assert f"spaces-worker {name}" in await output_of(command, name, "--help", COLUMNS="200")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
async def test_completion_is_printed(command, shell):
    script = await output_of(command, _SPACES_WORKER_COMPLETE=f"source_{shell}")

    assert "_SPACES_WORKER_COMPLETE=complete_" in script


async def test_completion_knows_the_commands(command):
    words = {"COMP_WORDS": "spaces-worker doc", "COMP_CWORD": "1"}
    found = await output_of(command, _SPACES_WORKER_COMPLETE="complete_bash", **words)

    assert found.split() == ["doctor"]


def test_a_worker_loads_nothing_that_it_does_not_use():
    heavy = "httpx", "rich", "jsonschema", "pydantic", "spaces_worker._doctor"
    code = f"import sys, spaces_worker.cli; print([n for n in {heavy!r} if n in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'worker_client'}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"


def test_there_are_few_direct_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert len(project["dependencies"]) <= MOST_DEPENDENCIES
