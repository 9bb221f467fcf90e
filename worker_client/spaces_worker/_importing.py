"""Whether a file is being imported for one function of it, so that its own worker must not run."""

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Final

_importing: Final = contextvars.ContextVar("importing", default=False)


@contextlib.contextmanager
def imported_for_a_function() -> Iterator[None]:
    """Say so until the block ends."""
    token = _importing.set(True)
    try:
        yield
    finally:
        _importing.reset(token)


def is_imported_for_a_function() -> bool:
    """Whether that is so."""
    return _importing.get()
