"""Reads the record of what no version may change."""

import json
from pathlib import Path
from typing import Any, Final

RECORD: Final = Path(__file__).with_suffix(".json")
"""Add to it, never change or remove what is there; docs/operations.md says why."""


def recorded(part: str) -> dict[str, Any]:
    """Return a part of the record."""
    loaded: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))[part]
    return loaded
