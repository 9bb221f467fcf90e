"""Values of command-line options; an omitted option differs from null."""

import json
from collections.abc import Iterable
from typing import Any, Final, TypeVar

import typer

T = TypeVar("T")

READ_ONLY: Final = frozenset({"cover_url", "created_at", "deleting", "updated_at", "version"})
"""Fields of a space that the gateway ignores in requests."""


def given(settings: Iterable[str] | None) -> dict[str, Any]:
    """Parse ``name=value`` settings. A value is JSON or, failing that, text.

    Raises:
        typer.BadParameter: a setting has no name.
    """
    return dict(_setting(each) for each in settings or ())


def named(**options: T | None) -> dict[str, T]:
    """Return the options that were given."""
    return {name: value for name, value in options.items() if value is not None}


def limits(**options: str | None) -> dict[str, int | None]:
    """Parse limits. ``none`` removes a limit.

    Raises:
        typer.BadParameter: a limit is not a number.
    """
    return {name: _limit(name, text) for name, text in named(**options).items()}


def _limit(name: str, text: str) -> int | None:
    if text == "none":
        return None
    if text.isdecimal():
        return int(text)
    raise typer.BadParameter(f"{name} must be a number, or none for no limit, not {text!r}.")


def _setting(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise typer.BadParameter(f"{text!r} is not of the form name=value, such as max_files=3.")
    if name in READ_ONLY:
        raise typer.BadParameter(f"{name} is set by the gateway and cannot be changed.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
