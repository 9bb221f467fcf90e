"""What a function may return to say more than a text."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from spaces_protocol.worker_messages import Usage


@runtime_checkable
class Picture(Protocol):
    """An image of PIL, known by its looks: Pillow is no dependency."""

    @property
    def mode(self) -> str:
        """Kind of its pixels, such as ``RGB``."""

    def save(self, fp: Any, format: str | None = None) -> None:  # noqa: A002, ANN401 - as Pillow has it
        """Write it to an open file."""

    def convert(self, mode: str) -> "Picture":
        """Return it with other pixels."""


FileSource = os.PathLike[str] | bytes | bytearray | memoryview | Picture
"""What can become a file of a result: a path, the bytes themselves, or an image of PIL."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a result, with what its source does not tell.

    Attributes:
        source: a path, the bytes themselves, or an image of PIL (sent as PNG).
        name: what it is called where it is downloaded; by default that of the path, or ``file-1``
            with the ending of its type.
        content_type: such as ``audio/wav``; by default guessed by the name, or from the first
            bytes.
    """

    source: FileSource
    name: str | None = field(default=None, kw_only=True)
    content_type: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer of a function.

    Attributes:
        text: Markdown or plain text; if it is missing, what was streamed.
        data: anything that JSON can carry.
        files: paths, bytes, images of PIL, or `File` for those with a name or type of their own.
        confidence: how sure the model is, 0 to 1.
        model: name of the model.
        usage: token counts; a missing total is added up.
        inference_time: seconds that the model worked; measured if not given.
    """

    text: str | None = None
    data: Any = None
    files: Sequence[FileSource | File] = ()
    confidence: float | None = None
    model: str | None = None
    usage: Usage | None = None
    inference_time: float | None = None
