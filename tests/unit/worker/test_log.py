"""Log lines: all that are about a request carry its id, and loggers have stable names."""

import ast
import logging
from pathlib import Path

import pytest

import spaces_worker
from spaces_worker._log import RequestLog, wing_logger

FOLDER = Path(spaces_worker.__file__).parent
LEVELS = {"debug", "info", "warning", "error", "exception", "log"}
LOGS = ("RequestLog(", "self.", "upstream.")
"""What lines about a request are written with; an upstream has a request log of its own."""
WINGS = {
    "adapters",
    "commands",
    "connection",
    "engine",
    "files",
    "functions",
    "runtime",
    "session",
    "socket",
    "storage",
    "worker",
}


def log_calls(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in LEVELS:
            yield node


def names_a_request(call):
    words = ast.unparse(call)
    return "Request %s" in words or "request_id" in words


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.name)
def test_a_line_that_names_a_request_is_written_by_its_request_log(path):
    by_hand = [
        call.lineno
        for call in log_calls(path)
        if names_a_request(call) and not ast.unparse(call.func).startswith(LOGS)
    ]

    assert by_hand == []


def test_a_request_log_names_the_request_and_carries_its_id(caplog):
    caplog.set_level(logging.INFO)

    log = RequestLog(logging.getLogger("spaces_worker.functions"), "demo.1.%s")
    log.info("answered in %.1f s.", 2.0, extra={"seconds": 2.0})

    (record,) = caplog.records
    assert record.getMessage() == "Request demo.1.%s: answered in 2.0 s."
    assert (record.request_id, record.seconds) == ("demo.1.%s", 2.0)
    assert record.filename == "test_log.py"


def test_a_request_log_writes_tracebacks(caplog):
    log = RequestLog(logging.getLogger("spaces_worker.functions"), "a")
    log.error("failed.", exc_info=ValueError("why"))

    assert "ValueError: why" in caplog.text


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("spaces_worker._session.session", "spaces_worker.session"),
        ("spaces_worker._engine", "spaces_worker.engine"),
        ("spaces_worker.adapters.command", "spaces_worker.adapters"),
    ],
)
def test_a_logger_is_named_after_its_wing(module, name):
    assert wing_logger(module).name == name


def test_the_documented_loggers_are_all_there_are():
    guide = (Path(__file__).parents[3] / "docs" / "worker.md").read_text(encoding="utf-8")
    loggers = {
        f"spaces_worker.{path.relative_to(FOLDER).parts[0].removeprefix('_').removesuffix('.py')}"
        for path in FOLDER.rglob("*.py")
        if "_logger: Final = wing_logger(__name__)" in path.read_text(encoding="utf-8")
    } | {"spaces_worker.socket"}

    assert loggers == {f"spaces_worker.{wing}" for wing in WINGS}
    assert {
        name for name in loggers if f"`{name.removeprefix('spaces_worker')}`" not in guide
    } == set()
