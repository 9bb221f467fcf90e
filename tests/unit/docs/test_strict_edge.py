"""Each rule of the strict edge names tests that exist."""

import re

from infra.project import PROJECT_FOLDER

TESTS = PROJECT_FOLDER / "tests"


def test_each_rule_of_the_strict_edge_is_met_by_a_test():
    page = (PROJECT_FOLDER / "docs" / "local-cloud.md").read_text("utf-8")
    rows = re.findall(r"^\| .* \| .* \| (`test_.*) \|$", page, re.MULTILINE)
    folders = (TESTS / "functional" / "strict_edge", TESTS / "local" / "strict")
    written = "".join(
        file.read_text("utf-8") for folder in folders for file in folder.glob("test_*.py")
    )
    tests = set(re.findall(r"^(?:async )?def (test_\w+)", written, re.MULTILINE))

    assert len(rows) > 15
    for row in rows:
        named = re.findall(r"`(\w+)`", row)
        assert named
        assert set(named) <= tests
