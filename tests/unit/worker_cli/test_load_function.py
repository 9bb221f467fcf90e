"""Finding a function by its name on the command line."""

import sys

import pytest

from spaces_worker._commands.load_function import load
from spaces_worker._errors import FunctionError

SOURCE = """
import beside
TEXT = "no function"
def shout(prompt): return beside.up(prompt)
"""

RUNS = """
from spaces_worker import Worker
worker = Worker()
@worker.space("loud")
def shout(prompt): return prompt.upper()
worker.run()
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "beside.py").write_text("def up(text): return text.upper()")
    (tmp_path / "loadable.py").write_text(SOURCE)
    (tmp_path / "broken.py").write_text("1 / 0")
    (tmp_path / "needy.py").write_text("import not_installed_anywhere")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    yield tmp_path
    for name in ("beside", "loadable", "broken", "needy", "runs"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", ["loadable:shout", "./loadable.py:shout"])
def test_a_function_is_found_by_module_or_file(folder, name):
    assert load(name).function("a") == "A"


@pytest.mark.parametrize("name", ["runs:shout", "runs.py:shout"])
def test_a_worker_that_the_file_runs_itself_does_not_start(folder, name):
    (folder / "runs.py").write_text(RUNS)

    assert load(name).function("a") == "A"


@pytest.mark.parametrize("name", ["runs:shout", "runs.py:shout"])
def test_the_worker_that_connections_a_function_is_found_with_it(folder, name):
    (folder / "runs.py").write_text(RUNS)

    assert list(load(name).worker.declared.functions) == ["loud"]


def test_the_worker_is_found_in_the_module_that_the_function_comes_from(folder):
    (folder / "runs.py").write_text(RUNS)
    (folder / "loadable.py").write_text("from runs import shout")

    assert list(load("loadable:shout").worker.declared.functions) == ["loud"]


def test_a_function_that_nothing_connections_has_no_worker(folder):
    (folder / "runs.py").write_text(RUNS + "def whisper(prompt): return prompt")

    assert load("runs:whisper").worker is None


def test_a_worker_is_found_by_its_name(folder):
    (folder / "runs.py").write_text(RUNS)

    found = load("runs.py:worker")

    assert found.function is None
    assert list(found.worker.declared.functions) == ["loud"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("loadable", "write module:function or file.py:function"),
        ("loadable:", "write module:function"),
        (":shout", "write module:function"),
        ("loadable:whisper", "no function 'whisper'"),
        ("loadable:TEXT", "no function 'TEXT'"),
        ("missing:shout", "There is no module missing"),
        ("missing.py:shout", "There is no file missing.py"),
        ("broken:shout", "ZeroDivisionError"),
        ("broken.py:shout", "ZeroDivisionError"),
        ("needy:shout", "needs the package not_installed_anywhere"),
        ("needy.py:shout", "needs the package not_installed_anywhere"),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy(folder, name, part):
    with pytest.raises(FunctionError) as raised:
        load(name)

    assert part in str(raised.value)
