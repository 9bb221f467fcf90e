"""Settings that are given by name, as ``max_files=3``."""

import json
from collections.abc import Iterable
from typing import Any

import typer


def given(settings: Iterable[str] | None) -> dict[str, Any]:
    """Return settings by name; values are JSON, or else text.

    Raises:
        typer.BadParameter: one of them has no name.
    """
    return dict(_setting(each) for each in settings or ())


def _setting(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise typer.BadParameter(f"{text!r} is no name=value, such as max_files=3.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
