"""What a returned value means: one `Result`, whatever a function likes to return."""

import dataclasses

from spaces_worker._functions.result import Result
from spaces_worker._functions.result_fields import is_array, is_file


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
    return dataclasses.replace(result, text=streamed)


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
