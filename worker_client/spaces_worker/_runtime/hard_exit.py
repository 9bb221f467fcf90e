"""Ends the process when its event loop does not come to it, and leaves nothing running behind."""

import contextlib
import os
from collections.abc import Callable
from typing import Final, NoReturn

_last_actions: Final[set[Callable[[], None]]] = set()


def at_hard_end(action: Callable[[], None]) -> None:
    """Do this before a hard end; from whatever thread."""
    _last_actions.add(action)


def not_at_hard_end(action: Callable[[], None]) -> None:
    """Do that no more: it has been done in order."""
    _last_actions.discard(action)


def end_hard(code: int) -> NoReturn:
    """End now, whatever the other threads do."""
    for action in list(_last_actions):
        with contextlib.suppress(Exception):
            action()
    os._exit(code)
