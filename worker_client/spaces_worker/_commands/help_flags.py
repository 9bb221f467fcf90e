"""Commands whose help shows a flag as what it is: an option without a value."""

from typing import Any

from typer.core import TyperCommand, TyperGroup


def _without_type(params: list[Any]) -> list[Any]:
    """Let no flag look as if ``--json true`` could be written."""
    for param in params:
        if getattr(param, "is_flag", False):
            param.metavar = ""
    return params


class Command(TyperCommand):
    """A command."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - typer's own click, or click
        """Return its options and arguments."""
        return _without_type(super().get_params(ctx))


class Group(TyperGroup):
    """The program, with its commands."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - as above
        """Return its own options."""
        return _without_type(super().get_params(ctx))
