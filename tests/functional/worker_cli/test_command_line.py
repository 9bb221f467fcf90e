"""The command as a whole: help, completion, and what it loads."""

import re
import subprocess
import sys
import tomllib

import pytest

from spaces_worker._commands.connection_options import LinkOptions
from spaces_worker._exit_codes import ExitCode
from spaces_worker.cli import HELP
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


@pytest.mark.parametrize("name", ["", *COMMANDS])
async def test_no_flag_looks_as_if_it_took_a_value(command, name):
    text = await output_of(command, *name.split(), "--help", COLUMNS="200")

    assert "<bool>" not in text
    assert "BOOLEAN" not in text


async def test_the_help_says_what_a_person_needs_to_set_an_option(command):
    home = {"HOME": "/home/me", "COLUMNS": "200"}
    text = " ".join((await output_of(command, "run", "--help", **home)).split())

    assert "over all spaces, 1 to 64. Default: 1." in text
    assert "Default: /home/me/.local/state/spaces-worker." in text
    assert "also SPACES_CONFIG. Default: /home/me/.config/spaces-worker/config.toml" in text


async def test_the_commands_of_the_mock_are_listed_line_by_line(command):
    text = await output_of(command, "mock-app", "--help", COLUMNS="100")

    first, second, *_ = [line.strip() for line in text.splitlines() if "/" in line]
    assert (first.split()[0], second.split()[0]) == ("/echo", "/slow")
    assert re.search(r"/echo .*\n.*/slow ", text)


def test_each_variable_that_the_help_names_is_read_and_only_options_of_links_are_variables():
    known = {f"SPACES_{name.upper()}" for name in ("config", *LinkOptions().given())}

    assert set(re.findall(r"SPACES_[A-Z_]+", HELP)) == known


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
async def test_completion_is_printed(command, shell):
    script = await output_of(command, _SPACES_WORKER_COMPLETE=f"source_{shell}")

    assert "_SPACES_WORKER_COMPLETE=complete_" in script


async def test_completion_knows_the_commands(command):
    words = {"COMP_WORDS": "spaces-worker doc", "COMP_CWORD": "1"}
    found = await output_of(command, _SPACES_WORKER_COMPLETE="complete_bash", **words)

    assert found.split() == ["doctor"]


def test_a_worker_loads_nothing_that_it_does_not_use():
    heavy = "httpx", "rich", "jsonschema", "pydantic", "spaces_worker._doctor.examine"
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
