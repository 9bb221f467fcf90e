"""What a function may return to say more than a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, SupportsFloat

from spaces_protocol.worker_messages import Usage
from spaces_worker._files.result_file import Files
from spaces_worker._functions.result_fields import confidence_of, files_of, seconds_of, usage_of


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
    def says_nothing(self) -> bool:
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
