"""What a function may return to say more than a text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, SupportsFloat

from spaces_protocol.worker_messages import Usage
from spaces_worker._files.result_file import Files
from spaces_worker._functions.result_fields import (
    confidence_of,
    files_of,
    is_array,
    is_file,
    seconds_of,
    usage_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer of a function.

    Numbers and arrays of numpy, torch and the like are taken as they are.

    Attributes:
        text: Markdown or plain text; if it is missing, what was streamed.
        data: anything that JSON can carry.
        files: paths, bytes, images of PIL, open files, or `File` for those with a name or type of
            their own; one of them, or a list.
        confidence: how sure the model is, 0 to 1.
        model: name of the model.
        usage: token counts; a missing total is added up. A dict of the same names will do.
        inference_time: seconds that the model worked; measured if not given.

    Raises:
        TypeError, ValueError: a field is wrong; the text names it.
    """

    text: str | None = None
    data: Any = None
    files: Files = ()
    confidence: SupportsFloat | None = None
    model: str | None = None
    usage: Usage | Mapping[str, int] | None = None
    inference_time: SupportsFloat | None = None

    def __post_init__(self) -> None:
        """Check the fields, and give each its one form."""
        for name, read in _READ.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, read(value))

    @property
    def is_empty(self) -> bool:
        """Whether no field is given."""
        return not self.files and all(
            getattr(self, name) is None for name in self.__slots__ if name != "files"
        )


_READ = {
    "files": files_of,
    "confidence": confidence_of,
    "usage": usage_of,
    "inference_time": seconds_of,
}


def as_result(returned: object, streamed: str | None = None) -> Result | None:
    """Return what a function meant.

    A text is the text; a path, bytes, an image of PIL, an open file or a `File` is a file, and so
    is each item of a list or tuple of nothing else; any other dict, list, tuple or array is data.

    Args:
        returned: what it returned.
        streamed: what it streamed, if it did: the text, unless it returned one.

    Returns:
        None if the value means nothing that can be sent.
    """
    result = _meant(returned, streamed)
    if result is None or result.text is not None or streamed is None:
        return result
    return replace(result, text=streamed)


def _meant(returned: object, streamed: str | None) -> Result | None:
    if isinstance(returned, Result):
        return returned
    if isinstance(returned, str):
        return Result(text=returned)
    if is_file(returned):
        return Result(files=[returned])
    if isinstance(returned, list | tuple) and returned and all(map(is_file, returned)):
        return Result(files=list(returned))
    if isinstance(returned, dict | list | tuple) or is_array(returned):
        return Result(data=returned)
    return Result() if returned is None and streamed is not None else None
