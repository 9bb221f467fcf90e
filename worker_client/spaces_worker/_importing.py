"""Notes the workers that a file makes while it is imported by the command, and keeps them still."""

import contextlib
import contextvars
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spaces_worker._worker import Worker

_noted: Final[contextvars.ContextVar[list["Worker"] | None]] = contextvars.ContextVar(
    "noted", default=None
)


@contextlib.contextmanager
def imported_by_the_command() -> Iterator[list["Worker"]]:
    """Import in this block; yields the workers that were made in it."""
    made: list[Worker] = []
    token = _noted.set(made)
    try:
        yield made
    finally:
        _noted.reset(token)


def note(worker: "Worker") -> None:
    """Note a new worker, if the command is importing."""
    made = _noted.get()
    if made is not None:
        made.append(worker)


def is_imported_by_the_command() -> bool:
    """Whether the command is importing, so that no worker of the file must run by itself."""
    return _noted.get() is not None
