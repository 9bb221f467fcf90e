"""Stores what people read about a space, along with an edit of its definition."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import convert, to_builtins

from spaces.domain.errors import InvalidInput, SpaceExists
from spaces.domain.space import Definition, EditConflict
from spaces.services.ports.gateway import Gateway
from spaces.services.ports.presentation_store import Presentation
from spaces_protocol.admin_bodies import SpaceSettings
from spaces_protocol.examples import Example, GivenExample, wrong_example, wrong_size

_NOT_STORED: Final = (InvalidInput, SpaceExists, EditConflict)
"""Errors after which the definition is as it was; others may come after it was stored."""


def presentation_of(settings: SpaceSettings) -> Presentation:
    """Return the part of a space's settings that people read."""
    examples = settings.examples
    return Presentation(
        about=settings.about,
        licence=settings.licence,
        model=settings.model,
        links=tuple(settings.links),
        examples=None if examples is None else tuple(_plain(examples)),
    )


def check_examples(gateway: Gateway, wanted: SpaceSettings, current: SpaceSettings | None) -> None:
    """Raise unless the space takes its examples, as far as the gateway can tell.

    The declared schema is compared only with examples that are new: the worker may change it
    later, which must not keep an administrator from editing other settings.

    Raises:
        InvalidInput: Names an example that it does not take.
    """
    examples = wanted.examples or []
    unchanged = current is not None and current.examples == wanted.examples
    schema = None
    if examples and current is not None and not unchanged:
        schema = gateway.declarations.find(wanted.space).params_schema
    wrong = wrong_size(examples) or wrong_example(examples, features=wanted.features, schema=schema)
    if wrong is not None:
        raise InvalidInput(wrong)


def presentation_id(gateway: Gateway, presentation: Presentation) -> str | None:
    """Return a new id for a presentation; None if nothing was written."""
    return None if presentation == Presentation() else gateway.random_text()


@contextmanager
def stored_presentation(
    gateway: Gateway, wanted: Presentation, after: Definition, before: Definition | None = None
) -> Iterator[None]:
    """Store a presentation before the definition that names it, and remove the one it replaces.

    A crash in between leaves at most an unused one.
    """
    space_id = after.space_id
    replaced = None if before is None else before.presentation
    if after.presentation == replaced:
        yield
        return
    if after.presentation is not None:
        gateway.presentations.put(space_id, after.presentation, wanted)
    try:
        yield
    except _NOT_STORED:
        if after.presentation is not None:
            gateway.presentations.remove(space_id, after.presentation)
        raise
    if replaced is not None:
        gateway.presentations.remove(space_id, replaced)


def _plain(examples: list[GivenExample]) -> list[Example]:
    """Return examples without the stricter type of the API."""
    return convert(to_builtins(examples), list[Example])
