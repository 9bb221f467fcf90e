"""The models of a run of mixed requests: each takes a second."""

import time
from collections.abc import Iterator

from spaces_worker import UserError

SECONDS = 1.0


def plain(prompt: str) -> str:
    """Return the prompt, or fail if it says so."""
    time.sleep(SECONDS)
    if prompt == "fail":
        raise UserError("too dark")
    return prompt


def text(prompt: str) -> Iterator[str]:
    """Yield the prompt in two pieces."""
    for piece in (prompt, prompt):
        time.sleep(SECONDS / 2)
        yield piece
