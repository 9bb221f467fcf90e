"""Exits the process although its event loop is blocked, and cleans up child processes."""

import contextlib
import os
from collections.abc import Callable
from typing import Final, NoReturn

_actions: Final[set[Callable[[], None]]] = set()


def register_hard_exit(action: Callable[[], None]) -> None:
    """Run an action before a hard exit; callable from any thread."""
    _actions.add(action)


def unregister_hard_exit(action: Callable[[], None]) -> None:
    """Remove an action, because it is no longer needed."""
    _actions.discard(action)


def hard_exit(code: int) -> NoReturn:
    """Run the actions and exit at once, whatever the other threads do."""
    for action in list(_actions):
        with contextlib.suppress(Exception):
            action()
    os._exit(code)
