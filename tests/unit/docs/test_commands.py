"""Every command that the documents name exists, with its options."""

import re
from pathlib import Path

import pytest
import typer

from infra.admin.__main__ import app as admin
from infra.local.__main__ import app as local
from spaces_client._commands.program import app as caller
from spaces_worker.cli import app as worker
from tests.unit.docs.documents import DOCUMENTS, ROOT, code, name, prose

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
VARIABLES = set(re.findall(r"^([A-Z]+) \?=", MAKEFILE, re.MULTILINE))
EXAMPLES = {path.stem for path in (ROOT / "worker_client/examples").glob("*.py")}
PROGRAMS = {
    "spaces": caller,
    "spaces-worker": worker,
    "infra.local": typer.main.get_command(local),
    "infra.admin": typer.main.get_command(admin),
}
ALWAYS = {"--help", "--version", "--show-completion"}

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=map(name, DOCUMENTS))


def options_of(command):
    return ALWAYS | {option for each in command.params for option in each.opts}


def complaints(program: str, words: list[str]) -> set[str]:
    """Return what is wrong with the words after a program's name."""
    commands = PROGRAMS[program].commands
    if not words or words[0].startswith(("-", "…")):
        return {word for word in words[:1] if word.startswith("--")} - ALWAYS
    if words[0] not in commands:
        return {f"{program} {words[0]}"}
    own, _, rest = " ".join(words[1:]).partition(" -- ")
    known = options_of(commands[words[0]])
    wrong = {f"{words[0]} {each}" for each in re.findall(r"(?<!\S)\[?(--[a-z-]+)", own)}
    wrong -= {f"{words[0]} {each}" for each in known}
    return wrong | (complaints(program, rest.split()) if rest else set())


def calls(path: Path, program: str) -> list[list[str]]:
    # A line of Python or TOML may begin with the word spaces.
    before = r"^\$ " if program == "spaces" else r"(?:^|^\$ |-m |^\.venv/bin/)"
    start = rf"{before}{re.escape(program)} (.+)$"
    found = (re.search(start, re.sub(r'"[^"]*"', "…", text)) for text in code(path))
    return [each[1].split(" | ")[0].split() for each in found if each]


def listed(path: Path, program: str) -> list[list[str]]:
    """Return the commands of a table whose head names the program."""
    table = re.search(
        rf"^\| `[^`]*{re.escape(program)} …` \|.*\n\|.*\n((?:\|.*\n)+)", prose(path), re.MULTILINE
    )
    cells = (row.split("|")[1] for row in table[1].splitlines()) if table else ()
    return [words.split() for cell in cells for words in re.findall(r"`([^`]+)`", cell)]


@each_document
@pytest.mark.parametrize("program", PROGRAMS)
def test_commands_and_options_exist(path, program):
    named = calls(path, program) + listed(path, program)

    assert set().union(*(complaints(program, words) for words in named)) == set()


@each_document
def test_make_has_what_is_named(path):
    words = {
        word
        for text in code(path)
        for call in re.findall(r"\bmake((?: [A-Z]+=(?:'[^']*'|\S+)| [a-z-]+)+)", text)
        for word in re.sub(r"'[^']*'", "", call).split()
    }
    variables = {word.partition("=")[0] for word in words if "=" in word}

    assert {word for word in words if "=" not in word} <= TARGETS
    assert variables <= VARIABLES | {"PYTHON", "CHROMIUM"}


@each_document
def test_examples_of_the_demo_exist(path):
    named = {each for text in code(path) for each in re.findall(r"EXAMPLE=([a-z_]+)", text)}

    assert named - {"name"} <= EXAMPLES


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("spaces", "run a --optoin b=c"),
        ("spaces-worker", "rum --function a:b"),
        ("spaces-worker", "run --funktion a:b"),
        ("spaces-worker", "install-service -- run --funktion a:b"),
        ("infra.local", "stop"),
        ("infra.admin", "create-user NAME [--mail E]"),
    ],
)
def test_wrong_commands_are_noticed(program, words):
    assert complaints(program, words.split())


def test_the_documents_name_commands_of_every_program():
    for program in PROGRAMS:
        assert any(calls(path, program) for path in DOCUMENTS)
    assert any(listed(path, "infra.admin") for path in DOCUMENTS)
