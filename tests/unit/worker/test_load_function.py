"""Finding a function by its name on the command line."""

import sys

import pytest

from spaces_worker._errors import FunctionError
from spaces_worker._load_function import load_function

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
    assert load_function(name)("a") == "A"


@pytest.mark.parametrize("name", ["runs:shout", "runs.py:shout"])
def test_a_worker_that_the_file_runs_itself_does_not_start(folder, name):
    (folder / "runs.py").write_text(RUNS)

    assert load_function(name)("a") == "A"


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
        load_function(name)

    assert part in str(raised.value)
