"""Protocol of the store for declared parameters."""

from typing import Any, Protocol

Schema = dict[str, Any]


class ParamsStore(Protocol):
    """JSON Schemas of ``params``, one per space."""

    def find(self, space_id: str) -> Schema | None:
        """Read the last declaration, eventually consistent; None if there is none."""

    def declare(self, space_id: str, schema: Schema | None) -> None:
        """Replace the declaration; None removes it."""
