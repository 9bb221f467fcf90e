"""Token counts as servers of the OpenAI API send them."""

from collections.abc import Mapping
from typing import Final

from spaces_protocol.worker_messages import Usage
from spaces_worker.adapters._lenient_json import count_of

_COUNTS: Final = (
    ("input_tokens", "prompt_tokens"),
    ("output_tokens", "completion_tokens"),
    ("total_tokens", "total_tokens"),
)


def counts_in(usage: object) -> dict[str, int]:
    """Return the counts that are whole numbers, by their names here."""
    if not isinstance(usage, Mapping):
        return {}
    counts = {name: count_of(usage.get(sent)) for name, sent in _COUNTS}
    return {name: count for name, count in counts.items() if count is not None}


def usage_in(usage: object) -> Usage | None:
    """Return the counts; None if there are none."""
    counts = counts_in(usage)
    return Usage(**counts) if counts else None
