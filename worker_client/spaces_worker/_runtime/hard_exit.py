"""Ends the process when its event loop does not come to it, and leaves nothing running behind."""

import contextlib
import os
from collections.abc import Callable
from typing import Final, NoReturn

_actions: Final[set[Callable[[], None]]] = set()


def register_hard_exit(action: Callable[[], None]) -> None:
    """Do this before a hard end; from whatever thread."""
    _actions.add(action)


def unregister_hard_exit(action: Callable[[], None]) -> None:
    """Do that no more: it has been done in order."""
    _actions.discard(action)


def hard_exit(code: int) -> NoReturn:
    """End now, whatever the other threads do."""
    for action in list(_actions):
        with contextlib.suppress(Exception):
            action()
    os._exit(code)
