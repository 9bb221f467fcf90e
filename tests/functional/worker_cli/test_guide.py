"""The examples of docs/worker.md run as they stand, and its commands are commands."""

import re
import shlex
from pathlib import Path

import pytest

from spaces_worker import ModelCall, UserError
from spaces_worker.adapters._command_template import MEANINGS
from spaces_worker.cli import app

GUIDE = Path(__file__).parents[3] / "docs" / "worker.md"
TEXT = GUIDE.read_text(encoding="utf-8")
BLOCKS = dict(
    re.findall(r"^## ([^\n]*)\n[^#]*?^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
)
COMMANDS = re.findall(r"^(spaces-worker .*)$", TEXT, re.MULTILINE)
HELLO = {"a.txt": ("text/plain", b"hello")}


def linked(section):
    """Run the example of a section and return its functions by space."""
    names = {}
    exec(compile(BLOCKS[section], section, "exec"), names)
    return names["worker"]._functions


@pytest.fixture
def answer(ask):
    """Return a function that asks an example."""

    async def told(section, space, prompt, params=None, files=None, call=None):
        function = linked(section)[space]
        read = function.params.read({} if params is None else params) if function.params else None
        asked = ask(function, prompt, params=read, files=files, call=call)
        return await asked.answer(), asked

    return told


@pytest.mark.parametrize(
    ("section", "space", "prompt", "files", "expected"),
    [
        ("Functions", "shout", "hi", None, "HI"),
        ("Functions", "count", "one two", None, {"words": 2}),
        ("Streaming text", "spell", "abc", None, "a b c "),
        ("Streaming text", "echo", "one two", None, "one two "),
        ("Errors", "half", "7", None, "3.5"),
        ("Input files", "weigh", "", HELLO, "a.txt: 5 bytes"),
        ("Input files", "weigh-later", "", HELLO, "5 bytes"),
        ("Several spaces and concurrency", "faster", "hi", None, "hi"),
        ("Several spaces and concurrency", "heavy", "hi", None, "ih"),
        ("Running inside your own program", "inside", "hi", None, "hi"),
    ],
)
async def test_an_example_answers(answer, section, space, prompt, files, expected):
    returned, _ = await answer(section, space, prompt, files=files)

    assert getattr(returned, "text", returned) == expected


async def test_a_generator_streams_and_says_the_rest(answer):
    result, asked = await answer("Streaming text", "spell", "abc")

    assert asked.pieces == ["a ", "b ", "c "]
    assert (result.model, result.usage.output_tokens) == ("speller", 3)


async def test_a_conversation_is_counted_and_a_tool_called(answer):
    section = "Conversations and calls of the OpenAI API"
    body = {"messages": [{"role": "user", "content": "Rain?"}], "tools": [{"type": "function"}]}

    counted, _ = await answer(section, "count-words", "one two")
    told, _ = await answer(section, "weather", "Rain?")
    called, _ = await answer(
        section, "weather", "", call=ModelCall(endpoint="chat.completions", body=body)
    )

    assert (counted, told.text) == ("2 words", "I cannot know.")
    assert called.message["tool_calls"][0]["function"]["name"] == "look_outside"


async def test_progress_is_told(answer):
    text, asked = await answer("Progress, cancellation, deadline", "steps", "")

    assert [step.message for step in asked.steps][-1] == "step 4 of 5"
    assert text.startswith("Done in time")


async def test_an_error_for_the_user(answer):
    with pytest.raises(UserError, match="Write a whole number"):
        await answer("Errors", "half", "x")


async def test_files_are_returned(answer):
    result, _ = await answer("Output files", "table", "one two")

    path, pdf = result.files
    assert path.read_text() == "one\ntwo"
    assert pdf.name == "empty.pdf"


async def test_params_are_made_and_checked(answer):
    text, _ = await answer("Parameters", "repeat", "Ab", {"times": 2, "case": "lower"})

    assert text == "abab"
    with pytest.raises(UserError, match=r"params\.case"):
        await answer("Parameters", "repeat", "Ab", {"case": "odd"})


def test_the_test_of_a_function_passes():
    names = {}
    exec(compile(BLOCKS["Testing your function"], "guide", "exec"), names)

    names["test_greet"]()


def test_limits_of_a_space_are_taken():
    assert linked("Several spaces and concurrency")["heavy"].concurrency == 1


def test_every_python_example_is_run_here():
    assert len(BLOCKS) == TEXT.count("```python")
    assert "Running inside your own program" in BLOCKS


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_one(line):
    name, *arguments = shlex.split(line)[1:]
    if name.startswith("-"):
        return
    command = app.commands[name]

    command.make_context(name, list(arguments))


@pytest.mark.parametrize("name", MEANINGS)
def test_every_brace_is_explained(name):
    assert f"| `{{{name}}}` | {MEANINGS[name]} |" in TEXT


@pytest.mark.parametrize("line", [line for line in COMMANDS if "{file" in line])
def test_every_documented_program_names_the_files_that_it_takes(line):
    """Otherwise a visitor's playlist or list of files makes it read the operator's files."""
    assert " --accept " in line
