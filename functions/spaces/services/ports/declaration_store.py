"""Protocol of the store for what workers declare about a space."""

from typing import Any, Protocol

from msgspec import Struct

from spaces_protocol.examples import Example

Schema = dict[str, Any]


class Declaration(Struct, frozen=True):
    """What a worker serves in a space.

    Attributes:
        params_schema: JSON Schema of ``params``; None if it declared none.
        endpoints: The endpoints of the OpenAI API that it serves. A later version may know more
            than `spaces_protocol.model_call.Endpoint`.
        examples: Inputs to try it with.
    """

    params_schema: Schema | None = None
    endpoints: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


class DeclarationStore(Protocol):
    """Declarations, one per space."""

    def find(self, space_id: str, *, consistent: bool = False) -> Declaration:
        """Read the last declaration; an empty one if there is none."""

    def declare(self, space_id: str, declaration: Declaration) -> None:
        """Replace the declaration."""
