"""Who a worker is for the queue: its worker id and its token, together.

Worker ids are public, and any token of a space may be used with any of them. So a worker id alone
identifies nobody: wherever the queue compares workers, it compares holders.
"""

from typing import Final, NewType

Holder = NewType("Holder", str)
NOBODY: Final = Holder("")
_SEPARATOR: Final = "/"
"""Neither a worker id nor a token id contains it."""


def holder_of(worker_id: str, token_id: str) -> Holder:
    """Return the holder with this worker id and this token; a rotated token keeps its id."""
    return Holder(f"{worker_id}{_SEPARATOR}{token_id}")


def is_holder(name: str) -> bool:
    """Tell a holder from a worker id alone."""
    return _SEPARATOR in name


def worker_id_of(holder: Holder) -> str:
    """Return the public part of a holder."""
    return holder.partition(_SEPARATOR)[0]
