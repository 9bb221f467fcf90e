"""Protocol of the store for what people read about a space before they use it."""

from typing import Protocol

from msgspec import Struct

from spaces_protocol.examples import Example
from spaces_protocol.rest_bodies import Link


class Presentation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an administrator wrote for the people who open a space.

    It is stored apart from the definition, which every submit reads.

    Attributes:
        about: What the model does, in Markdown.
        licence: Under which terms it may be used.
        model: The name of the model.
        links: Where to read more.
        examples: Inputs to try; None means those that its worker declares.
    """

    about: str = ""
    licence: str = ""
    model: str = ""
    links: tuple[Link, ...] = ()
    examples: tuple[Example, ...] | None = None


class PresentationStore(Protocol):
    """Presentations of spaces. One that is stored never changes; an edit stores another."""

    def find(
        self, space_id: str, presentation_id: str, *, consistent: bool = False
    ) -> Presentation | None:
        """Read a presentation; None if there is none, or it cannot be read."""

    def put(self, space_id: str, presentation_id: str, presentation: Presentation) -> None:
        """Store a presentation under a new id."""

    def remove(self, space_id: str, presentation_id: str) -> None:
        """Remove a presentation if it exists."""
