"""Option groups: a dataclass declares the options that --help lists under one or more headings."""

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

G = TypeVar("G")
R = TypeVar("R")
_OPTION = "option"


class GroupedOption(click.Option):
    """An option with the heading that --help lists it under."""

    def __init__(self, *args: Any, heading: str, **attributes: Any) -> None:  # noqa: ANN401 - as click
        super().__init__(*args, **attributes)
        self.heading = heading


class Number(click.ParamType[float]):
    """A finite number with a lower bound."""

    name = "number"

    def __init__(self, minimum: float) -> None:
        self._minimum = minimum

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or end the command with the rule that it breaks."""
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if not self._minimum <= number < math.inf:
            self.fail(f"{value!r} is not a number of at least {self._minimum:g}.", param, ctx)
        return number


def option(
    *names: str,
    heading: str,
    default: object = None,
    **attributes: Any,  # noqa: ANN401 - as click
) -> Any:  # noqa: ANN401 - a field of any type, as dataclasses.field
    """Declare a field of a dataclass as an option.

    Args:
        names: such as ``--verbose`` and ``-v``.
        heading: under which --help lists it.
        default: also of the field.
        attributes: of `click.option`.
    """
    attributes |= {"cls": GroupedOption, "heading": heading, "default": default}
    return dataclasses.field(default=default, metadata={_OPTION: (names, attributes)})


def option_groups(**groups: type[Any]) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Add the options of dataclasses to a command, which gets one object for each dataclass.

    Example::

        @click.command(cls=Command)
        @option_groups(connection=ConnectionOptions, output=OutputOptions)
        def run(*, connection: ConnectionOptions, output: OutputOptions) -> None: ...
    """

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(command)
        def called(**values: object) -> R:
            collected = {name: collect(group, values) for name, group in groups.items()}
            taken = {field.name for group in groups.values() for field in dataclasses.fields(group)}
            others = {name: value for name, value in values.items() if name not in taken}
            return command(**others, **collected)

        fields = [field for group in groups.values() for field in dataclasses.fields(group)]
        for field in reversed(fields):
            names, attributes = field.metadata[_OPTION]
            called = click.option(*names, field.name, **attributes)(called)
        return called

    return decorate


def collect(group: type[G], values: Mapping[str, object]) -> G:
    """Return the dataclass with its options' values from all the values of a command."""
    names = [field.name for field in dataclasses.fields(group)]  # type: ignore[arg-type]  # a dataclass
    return group(**{name: values[name] for name in names})
