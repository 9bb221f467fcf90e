"""The command as a whole: help, completion, and what it loads."""

import asyncio
import contextlib
import os
import pty
import re
import subprocess
import sys
import tomllib

import pytest

from spaces_worker._commands.connection_options import ConnectionOptions
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
    text = await output_of(command, "--help")

    listed = text.partition("Commands:\n")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^  (\S+)", listed, re.MULTILINE)) == COMMANDS
    codes = text.partition("Exit codes:\n\n")[2].partition("\n\n")[0]
    numbers = [int(each) for each in re.findall(r"^ *(\d+)  ", codes, re.MULTILINE)]
    assert numbers == sorted({1, *ExitCode})


@pytest.mark.parametrize("name", COMMANDS)
async def test_every_command_has_help(command, name):
    assert f"spaces-worker {name}" in await output_of(command, name, "--help", COLUMNS="200")


@pytest.mark.parametrize("name", ["", *COMMANDS])
async def test_no_flag_looks_as_if_it_took_a_value(command, name):
    text = await output_of(command, *name.split(), "--help", COLUMNS="200")

    assert "<bool>" not in text
    assert "BOOLEAN" not in text


async def test_the_help_says_what_a_person_needs_to_set_an_option(command):
    text = " ".join((await output_of(command, "run", "--help", HOME="/home/me")).split())

    assert "over all spaces, 1 to 64. Default: 1." in text
    assert "Default: /home/me/.local/state/spaces-worker." in text
    assert "Default: /home/me/.config/spaces-worker/config.toml, if it exists." in text


async def test_the_help_says_that_examples_may_have_files(command):
    text = " ".join((await output_of(command, "run", "--help")).split())

    assert "title, prompt, params, files or messages. Paths of files begin at the folder" in text


async def test_options_are_listed_in_groups_whose_descriptions_are_aligned(command):
    text = await output_of(command, "run", "--help", COLUMNS="100")

    headings = ["Model (give exactly one)", "Model options", "Connection", "Output", "Options"]
    assert re.findall(r"^(\S.*):$", text, re.MULTILINE) == headings
    assert text.index("Connection:") < text.index("--url") < text.index("Output:")
    columns = {len(each) for each in re.findall(r"^  -.*?  +(?=\S)", text, re.MULTILINE)}
    assert len(columns) == 1


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", ["", *COMMANDS])
async def test_the_help_fits_the_terminal(command, name, columns):
    text = await output_of(command, *name.split(), "--help", COLUMNS=str(columns), HOME="/home/me")

    assert max(len(line) for line in text.splitlines()) <= columns


@pytest.mark.parametrize("columns", [60, 67, 74, 81])
async def test_no_option_or_path_is_broken_at_its_hyphens(command, columns):
    text = await output_of(command, "run", "--help", COLUMNS=str(columns), HOME="/home/me")

    assert not re.search(r"-$", text, re.MULTILINE)
    assert "text-generation:./my-model" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum"], "No such command 'rum'. Did you mean 'run'?"),
        (["run", "--funktion", "x"], "No such option '--funktion'. Did you mean '--function'?"),
        (["run", "--silence", "0"], "'--silence': '0' is not a number of at least 1."),
        (["run", "--silence", "nan"], "'--silence': 'nan' is not a number of at least 1."),
        (["mock-app", "--min-seconds", "x"], "'x' is not a number of at least 0."),
        (["--show-completion", "tcsh"], "'tcsh' is not one of 'bash', 'zsh', 'fish'"),
        (["install-service"], "Missing argument"),
        (["doctor", "now"], "unexpected extra argument"),
    ],
)
async def test_a_wrong_option_is_named_with_what_to_do(command, arguments, words):
    process = await command(*arguments)
    output, errors = await process.communicate()
    error, advice, *rest = errors.decode().splitlines()

    assert (process.returncode, output, rest) == (2, b"", [])
    assert error.startswith("Error: ")
    assert words in error
    assert re.fullmatch(r"Run 'spaces-worker[a-z -]* --help' to see what is possible\.", advice)


async def test_no_command_shows_the_help(command):
    process = await command()
    _, errors = await process.communicate()

    assert process.returncode == 2
    assert b"Commands:" in errors


async def test_the_version_is_shown(command):
    assert re.fullmatch(r"spaces-worker \d+\.\d+\.\d+\n", await output_of(command, "--version"))


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals")
@pytest.mark.parametrize("arguments", [["run", "--help"], ["run", "--bogus"]])
@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_that_want_them(arguments, variables, coloured):
    near, far = pty.openpty()
    path = f"{ROOT / 'functions'}:{ROOT / 'worker_client'}"
    process = subprocess.Popen(
        [sys.executable, "-m", "spaces_worker", *arguments],
        env={"PYTHONPATH": path, "HOME": "/home/me", "TERM": "xterm"} | variables,
        stdout=far,
        stderr=far,
    )
    os.close(far)
    written = all_of(near)
    process.wait()

    assert (b"\x1b[" in written) == coloured
    assert b"--bogus" in written or b"Connection:" in written


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals")
async def test_a_refused_token_ends_a_command_in_a_terminal(gateway, command):
    gateway.refuse_with = 403
    near, far = pty.openpty()

    process = await command("mock-app", terminal=far)
    os.close(far)
    async with asyncio.timeout(20):
        code = await process.wait()

    assert code == 2
    assert b"run `spaces-worker doctor`" in all_of(near)


def all_of(terminal):
    written = b""
    with contextlib.suppress(OSError):  # the other side is gone
        while piece := os.read(terminal, 65536):
            written += piece
    os.close(terminal)
    return written


async def test_the_commands_of_the_mock_are_listed_line_by_line(command):
    text = await output_of(command, "mock-app", "--help", COLUMNS="100")

    first, second, *_ = [line.strip() for line in text.splitlines() if "/" in line]
    assert (first.split()[0], second.split()[0]) == ("/echo", "/slow")
    assert re.search(r"/echo .*\n.*/slow ", text)


async def test_each_option_that_is_also_a_variable_names_it(command):
    known = {f"SPACES_{name.upper()}" for name in ("config", *ConnectionOptions().given())}

    text = await output_of(command, "run", "--help")

    assert set(re.findall(r"\[(SPACES_[A-Z_]+)\]", text)) == known


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
async def test_completion_is_printed(command, shell):
    script = await output_of(command, "--show-completion", shell)

    assert f"_SPACES_WORKER_COMPLETE={shell}_complete" in script


async def test_completion_knows_the_commands(command):
    words = {"COMP_WORDS": "spaces-worker doc", "COMP_CWORD": "1"}
    found = await output_of(command, _SPACES_WORKER_COMPLETE="bash_complete", **words)

    assert found.split() == ["plain,doctor"]


def test_a_worker_loads_nothing_that_it_does_not_use():
    heavy = "httpx", "wcwidth", "jsonschema", "pydantic", "spaces_worker._doctor.examine"
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
