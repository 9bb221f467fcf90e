"""Waits for a state of the deployed system."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 60


def until(seen: Callable[[], Any], what: str) -> Any:
    """Look again and again until something is seen, with a bound on the time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := seen():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not seen within {PATIENCE} s: {what}")
