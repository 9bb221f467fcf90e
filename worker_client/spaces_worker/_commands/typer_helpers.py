"""Lets commands take options in groups: each group is written down once, as a dataclass."""

import dataclasses
import functools
import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

R = TypeVar("R")


def with_groups(command: Callable[..., R]) -> Callable[..., R]:
    """Show each field of a parameter that is a dataclass as an option of the command.

    Typer reads the options from the signature; fields are annotated as options are.
    """
    hints = typing.get_type_hints(command, include_extras=True)
    parameters = inspect.signature(command).parameters.values()
    groups = {each.name: hints[each.name] for each in parameters if _is_group(hints[each.name])}

    @functools.wraps(command)
    def called(**given: object) -> R:
        for name, group in groups.items():
            fields = dataclasses.fields(group)
            given[name] = group(**{field.name: given.pop(field.name) for field in fields})
        return command(**given)

    shown = [option for each in parameters for option in _options(each, hints[each.name])]
    called.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]  # read by inspect
    called.__annotations__ = {option.name: option.annotation for option in shown}
    return called


def _is_group(kind: object) -> bool:
    return isinstance(kind, type) and dataclasses.is_dataclass(kind)


def _options(parameter: inspect.Parameter, kind: Any) -> Iterator[inspect.Parameter]:  # noqa: ANN401 - an annotation
    if not _is_group(kind):
        yield parameter.replace(annotation=kind)
        return
    hints = typing.get_type_hints(kind, include_extras=True)
    for field in dataclasses.fields(kind):
        yield inspect.Parameter(
            field.name, parameter.kind, default=field.default, annotation=hints[field.name]
        )
