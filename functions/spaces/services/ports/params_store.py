"""What the use cases need of the parameters that workers declared."""

from typing import Any, Protocol

Schema = dict[str, Any]


class ParamsStore(Protocol):
    """JSON Schemas of ``params``, one a space."""

    def find(self, space_id: str) -> Schema | None:
        """Read what was declared last; None if nothing is. May be a moment old."""

    def declare(self, space_id: str, schema: Schema | None) -> None:
        """Replace it; None takes it back."""
