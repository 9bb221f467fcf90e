"""Which fields of a call reach the model's server."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from spaces_worker._errors import SettingsError
from spaces_worker._log import wing_logger

_NEEDED: Final = frozenset({"messages", "prompt", "input", "model"})
"""Fields without which a call means nothing."""

_logger: Final = wing_logger(__name__)


class CallFields:
    """Takes out of a call what the operator does not want callers to set.

    Args:
        allow: the fields that pass besides those that every call needs; None for all.
        deny: the fields that do not pass.

    Raises:
        SettingsError: ``deny`` has a field that every call needs.
    """

    def __init__(self, allow: Sequence[str] | None = None, deny: Sequence[str] = ()) -> None:
        self._allow = None if allow is None else frozenset(allow)
        self._deny = frozenset(deny)
        self._told: set[str] = set()
        for name in sorted(self._deny & _NEEDED):
            raise SettingsError(f"--deny: {name} is needed in every call.")

    def passing(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that pass; the log names each of the others once."""
        left_out = [name for name in body if not self._passes(name)]
        for name in left_out:
            if name not in self._told:
                self._told.add(name)
                _logger.info("Calls are passed on without %r, as --allow or --deny say.", name)
        return {name: value for name, value in body.items() if name not in left_out}

    def _passes(self, name: str) -> bool:
        if name in _NEEDED:
            return True
        return name not in self._deny and (self._allow is None or name in self._allow)
