"""What a file says of its own worker: the functions that it links, and how."""

from collections.abc import Mapping
from typing import NamedTuple

from spaces_worker._functions.functions import Function, Linked


class Declared(NamedTuple):
    """All of it.

    Attributes:
        functions: what is linked, by space.
        options: settings that ``Worker`` was given; None means not given.
    """

    functions: Mapping[str, Linked]
    options: Mapping[str, object]

    def only(self, function: Function) -> "Declared":
        """Return what is said of one function."""
        of_it = {
            space: linked for space, linked in self.functions.items() if linked.function is function
        }
        return Declared(of_it, self.options)

    def settings(self) -> Mapping[str, object]:
        """Return it as `load_settings` takes it."""
        return {**self.options, "spaces": tuple(self.functions) or None}
