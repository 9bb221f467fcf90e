"""Machines find all log lines about a request."""

import ast
from pathlib import Path

import pytest

import spaces_worker

FOLDER = Path(spaces_worker.__file__).parent
LEVELS = {"debug", "info", "warning", "error", "exception", "log"}


def log_calls(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in LEVELS:
            yield node


def names_a_request(call):
    words = ast.unparse(call)
    return "'Request %s" in words or "request_id" in words


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.name)
def test_a_line_that_names_a_request_carries_its_id(path):
    without = [
        call.lineno
        for call in log_calls(path)
        if names_a_request(call) and not any(word.arg == "extra" for word in call.keywords)
    ]

    assert without == []
