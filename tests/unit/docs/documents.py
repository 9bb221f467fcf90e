"""What the project's documents say: links, headings, code."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
_FOLDERS: Final = ("*.md", "docs/**/*.md", "*_client/**/*.md", "web_static/*.md")
DOCUMENTS: Final = [
    *sorted(path for pattern in _FOLDERS for path in ROOT.glob(pattern)),
    ROOT / "tests/simulation/README.md",
    ROOT / "benchmarks/COST.md",
    ROOT / "benchmarks/RESULTS.md",
]

_FENCE: Final = re.compile(r"^ *```[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_COMMENT: Final = re.compile(r" *(?<!\S)# .*$", re.MULTILINE)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """Return a document without its blocks of code."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def code_blocks(path: Path) -> list[str]:
    """Return the blocks of code, without comments, which are written in the document's language."""
    blocks = _FENCE.findall(path.read_text(encoding="utf-8"))
    return [_COMMENT.sub("", block).strip() for block in blocks]


def code(path: Path) -> list[str]:
    """Return each line of code and each piece of code within a sentence."""
    lines = [line.strip() for block in code_blocks(path) for line in block.splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", prose(path))


def headings(path: Path) -> list[tuple[int, str]]:
    """Return the headings with their levels."""
    found = re.findall(r"^(#+) (.+)$", prose(path), re.MULTILINE)
    return [(len(level), text) for level, text in found]


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    plain = (re.sub(r"[^\w\- ]", "", text.lower()) for _, text in headings(path))
    return {text.strip().replace(" ", "-") for text in plain}


def links(path: Path) -> list[str]:
    """Return what a document links to, apart from addresses outside."""
    text = re.sub(r"`[^`\n]+`", "", prose(path))
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [target for target in found if not re.match(r"[a-z]+:", target)]
