"""What a function can return: a `Result`, or a value that stands for one."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, SupportsFloat

from spaces_protocol.worker_messages import Usage
from spaces_worker._files.result_file import Files
from spaces_worker._functions.result_fields import (
    confidence_of,
    files_of,
    is_data,
    is_file,
    message_fields,
    seconds_of,
    text_of,
    usage_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer of a function.

    Numbers and arrays of numpy, torch and similar libraries are accepted everywhere.

    Attributes:
        text: Markdown or plain text; by default the streamed text.
        data: anything that can be encoded as JSON.
        files: one file or a list: paths, bytes, PIL images, open files, or `File` to set the name
            or content type.
        confidence: how sure the model is, 0 to 1.
        model: name of the model.
        usage: token counts, also as a dict; a missing total is computed.
        inference_time: seconds that the model took; measured by default.
        message: the answer's message as the OpenAI API has it, for calls of tools; its content is
            the text by default.

    Raises:
        TypeError, ValueError: a field is invalid; the text names it.
    """

    text: str | None = None
    data: Any = None
    files: Files = ()
    confidence: SupportsFloat | None = None
    model: str | None = None
    usage: Usage | Mapping[str, int] | None = None
    inference_time: SupportsFloat | None = None
    message: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        """Validate the fields and convert each to its standard form."""
        for name, read in _READ.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, read(value))

    @property
    def is_empty(self) -> bool:
        """Whether no field is set."""
        return not self.files and all(
            getattr(self, name) is None for name in self.__slots__ if name != "files"
        )

    @property
    def says_nothing(self) -> bool:
        """Whether a person would see nothing: no files, no data, and blanks at most as text."""
        has_none = not self.files and self.data is None and self.message is None
        return has_none and not str(self.text or "").strip()


_READ = {
    "text": text_of,
    "files": files_of,
    "confidence": confidence_of,
    "usage": usage_of,
    "inference_time": seconds_of,
    "message": message_fields,
}


def as_result(returned: object, streamed: str | None = None) -> Result | None:
    """Return the result that a returned value stands for.

    A str is the text. A path, bytes, a PIL image, an open file or a `File` is a file, and so is
    each item of a list or tuple of such values. A member of an enumeration stands for its value.
    Any other collection, array, dataclass or model (msgspec, pydantic, attrs) is data.

    Args:
        returned: the returned value.
        streamed: the streamed text, used if the value has no text.

    Returns:
        None if the value cannot be a result.
    """
    value = returned.value if isinstance(returned, enum.Enum) else returned
    result = _meant(value, streamed)
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
    if is_data(returned):
        return Result(data=returned)
    return Result() if returned is None and streamed is not None else None
