"""Each guide exists in English and in Chinese, and both say the same."""

import re

import pytest

from tests.unit.docs.documents import ROOT, code_blocks, headings, links, name, prose

DOCS = ROOT / "docs"
PAIRS = [
    (ROOT / "README.md", ROOT / "README.zh.md"),
    *((DOCS / path.name, path) for path in sorted((DOCS / "zh").glob("*.md"))),
]
GUIDES = {
    "README.md",
    "administration.md",
    "caller.md",
    "mcp.md",
    "openai.md",
    "operations.md",
    "runbook.md",
    "start-here.md",
    "testing.md",
    "user-guide.md",
    "worker.md",
}

each_pair = pytest.mark.parametrize(
    ("english", "chinese"), PAIRS, ids=[name(english) for english, _ in PAIRS]
)


def rows(path):
    return [line.count("|") for line in prose(path).splitlines() if line.startswith("|")]


def steps(path):
    return re.findall(r"^ *(-|\d+\.) ", prose(path), re.MULTILINE)


def test_every_guide_has_its_counterpart():
    assert {path.name for path in (DOCS / "zh").glob("*.md")} >= GUIDES


@each_pair
def test_headings_correspond(english, chinese):
    levels = [level for level, _ in headings(english)]

    assert levels == [level for level, _ in headings(chinese)]


@each_pair
def test_code_is_the_same_apart_from_its_comments(english, chinese):
    assert code_blocks(chinese) == code_blocks(english)


@each_pair
def test_tables_and_lists_correspond(english, chinese):
    assert rows(chinese) == rows(english)
    assert steps(chinese) == steps(english)


@each_pair
def test_each_links_to_the_other(english, chinese):
    def linked(path):
        return {(path.parent / target).resolve() for target in links(path)}

    assert chinese in linked(english)
    assert english in linked(chinese)
