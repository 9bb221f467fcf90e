"""What several test modules need is in a support folder, a conftest or a module of its own."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


def imported_test_modules(text):
    """Return the test modules that a module imports, or takes names from."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return {name for name in found if re.fullmatch(r"tests(\.\w+)*\.test_\w+", name)}


def test_no_test_module_is_imported():
    files = sorted(TESTS.rglob("*.py"))

    assert files
    for file in files:
        assert imported_test_modules(file.read_text("utf-8")) == set(), file.relative_to(TESTS)


@pytest.mark.parametrize(
    "line",
    [
        "from tests.local.test_files import upload",
        "from tests.local import test_files",
        "import tests.local.test_files",
    ],
)
def test_such_an_import_is_noticed(line):
    assert imported_test_modules(line) == {"tests.local.test_files"}
