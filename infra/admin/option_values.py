"""Settings that are given by name, and those that are not given; null is a value of its own."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

import typer

T = TypeVar("T")


def given(settings: Iterable[str] | None) -> dict[str, Any]:
    """Return settings by name; values are JSON, or else text.

    Raises:
        typer.BadParameter: one of them has no name.
    """
    return dict(_setting(each) for each in settings or ())


def named(**options: T | None) -> dict[str, T]:
    """Return the options that were named; those that were not are None."""
    return {name: value for name, value in options.items() if value is not None}


def limits(**options: str | None) -> dict[str, int | None]:
    """Return the limits that were named; ``none`` lifts one.

    Raises:
        typer.BadParameter: one of them is no number.
    """
    return {name: _limit(name, text) for name, text in named(**options).items()}


def _limit(name: str, text: str) -> int | None:
    if text == "none":
        return None
    if text.isdecimal():
        return int(text)
    raise typer.BadParameter(f"{name} takes a number, or none for no limit; not {text!r}.")


def _setting(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise typer.BadParameter(f"{text!r} is no name=value, such as max_files=3.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
