"""Files that are sent inside the body of a call."""

from typing import NamedTuple


class Attachment(NamedTuple):
    """A file that was sent inside a body."""

    name: str
    content_type: str
    content: bytes
