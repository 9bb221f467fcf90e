"""Finding a function by its name on the command line."""

import contextlib
import importlib
import io
import logging
import sys

import pytest

from spaces_worker._commands.load_function import load
from spaces_worker._errors import FunctionError
from spaces_worker._log import LOGGER_NAME, wing_logger
from spaces_worker._status.log_handlers import configure_logging

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
    for name in ("beside", "loadable", "broken", "needy", "runs", "ending"):
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


ENDS = "def shout(prompt): return prompt\n"
ENDING = {
    "exit": ("import sys\nsys.exit(main())", "ended with sys.exit(0)"),
    "exit with a text": ("raise SystemExit('no GPU')", "ended with sys.exit('no GPU')"),
    "exit after run": ("import sys\nsys.exit(Worker().run())", "ended with sys.exit("),
    "argparse": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('weights')\np.parse_args()",
        "ended with sys.exit(2)",
    ),
    "click": ("import click\nclick.command()(lambda: None)()", "ended with sys.exit(0)"),
    "cancelled": ("import asyncio\nraise asyncio.CancelledError", "failed: CancelledError"),
    "group": ("raise BaseExceptionGroup('both', [GeneratorExit()])", "failed: BaseExceptionGroup"),
    "syntax": ("def broken(", "failed: SyntaxError"),
    "two functions": (
        "w = Worker()\nw.space('a')(lambda prompt: '')\nw.space('a')(lambda prompt: '')",
        "failed: FunctionError: The space a has two functions",
    ),
}


@pytest.mark.parametrize(("code", "part"), ENDING.values(), ids=ENDING)
@pytest.mark.parametrize("name", ["ending:shout", "ending.py:shout"])
def test_what_ends_an_import_is_named_with_its_file(folder, name, code, part):
    begin = "from spaces_worker import Worker\ndef main(): return 0\n"
    (folder / "ending.py").write_text(f"{begin}{ENDS}{code}\n")

    with pytest.raises(FunctionError) as raised:
        load(name)

    place = name.partition(":")[0]
    assert str(raised.value).startswith(f"Importing {place} {part}")
    assert raised.value.__cause__ is not None


def test_a_signal_during_the_import_is_not_an_error_of_the_file(folder):
    (folder / "ending.py").write_text("raise KeyboardInterrupt")

    with pytest.raises(KeyboardInterrupt):
        load("ending.py:shout")


@pytest.mark.parametrize(("name", "first"), [("ending:a", "ending"), ("ending.py:a", "ending.py")])
def test_a_parser_at_the_top_of_a_file_does_not_read_our_options(folder, monkeypatch, name, first):
    monkeypatch.setattr(sys, "argv", ["spaces-worker", "run", "--function", name])
    ours = sys.argv
    (folder / "ending.py").write_text(
        "import argparse, sys\n"
        "p = argparse.ArgumentParser()\n"
        "p.add_argument('--size', default=3)\n"
        "size, given = p.parse_args().size, sys.argv\n"
        "def a(prompt): return size, given\n"
    )

    assert load(name).function("") == (3, [first])
    assert sys.argv is ours


SILENCING = {
    "dictConfig": "import logging.config\nlogging.config.dictConfig({'version': 1})",
    "fileConfig": (
        "import io, logging.config\n"
        "logging.config.fileConfig(io.StringIO('[loggers]\\nkeys=root\\n[handlers]\\nkeys=\\n'\n"
        "'[formatters]\\nkeys=\\n[logger_root]\\nhandlers=\\n'))"
    ),
    "disable": "import logging\nlogging.disable(logging.CRITICAL)",
    "handlers removed": (
        "import logging\n"
        "for name in logging.root.manager.loggerDict: logging.getLogger(name).handlers.clear()"
    ),
    "basicConfig": "import logging\nlogging.basicConfig(level=50, force=True)",
    "shutdown": "import logging\nlogging.shutdown()",
    "then an error": "import logging.config\nlogging.config.dictConfig({'version': 1})\n1 / 0",
}


@pytest.fixture
def logging_kept():
    """Put back what the files of these tests change for the whole process."""
    ours, root = logging.getLogger(LOGGER_NAME), logging.getLogger()
    every = [each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    loggers = {each: (each.disabled, each.level, each.handlers[:]) for each in [*every, root]}
    propagate, disabled = ours.propagate, root.manager.disable
    yield
    for logger, (off, level, handlers) in loggers.items():
        logger.disabled, logger.handlers = off, handlers
        logger.setLevel(level)
    ours.propagate = propagate
    logging.disable(disabled)


@pytest.mark.parametrize("code", SILENCING.values(), ids=SILENCING)
def test_no_file_switches_our_log_off(folder, logging_kept, code):
    (folder / "ending.py").write_text(f"{ENDS}{code}\n")
    stream = io.StringIO()
    configure_logging(stream=stream)

    with contextlib.suppress(FunctionError):
        load("ending.py:shout")
    wing_logger("spaces_worker._session.session").info("still here")

    assert "still here" in stream.getvalue()


def test_a_level_that_a_file_sets_for_our_log_stays(folder, logging_kept):
    (folder / "ending.py").write_text(
        f"import logging\nlogging.getLogger('spaces_worker.session').setLevel('ERROR')\n{ENDS}"
    )
    stream = io.StringIO()
    configure_logging(stream=stream)

    load("ending.py:shout")
    wing_logger("spaces_worker._session.session").info("not wanted")

    assert stream.getvalue() == ""


@pytest.mark.parametrize("name", ["queue", "json", "websockets", "spaces_worker", "httpx"])
def test_a_file_takes_the_place_of_no_other_module(folder, name):
    (folder / f"{name}.py").write_text("from spaces_worker import Worker\n" + ENDS)
    module = importlib.import_module(name)

    assert load(f"{name}.py:shout").function("a") == "a"
    assert sys.modules[name] is module


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


@pytest.mark.usefixtures("folder")
def test_a_file_name_that_the_system_refuses_is_named():
    with pytest.raises(FunctionError, match=r"cannot be used \(File name too long\)"):
        load(f"{'a' * 300}.py:x")
