"""Converts each field of a result to its standard form, or explains which field is invalid.

Numbers and arrays of numpy, torch and similar libraries are recognised by their attributes, because
these libraries are not dependencies.
"""

import operator
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeGuard, cast

import msgspec

from spaces_protocol.limits import MAX_COUNT
from spaces_protocol.worker_messages import Usage
from spaces_worker._files.result_file import File, Files, FileSource, Picture

ROUNDING: Final = 1e-3
"""Tolerance for values that should sum to 1, in half precision."""
MAX_SECONDS: Final = 1e9

_FILE_KINDS: Final = (File, os.PathLike, bytes, bytearray, memoryview, Picture)


def encode_data(value: object) -> bytes:
    """Return data as JSON; arrays and numbers of numpy, torch and similar libraries are converted.

    Raises:
        TypeError, ValueError, OverflowError, RecursionError: JSON cannot represent it.
    """
    return msgspec.json.encode(value, enc_hook=_of_array)


def is_array(value: object) -> bool:
    """Whether a value is an array or a number of numpy, torch or a similar library."""
    return callable(getattr(value, "tolist", None)) and hasattr(value, "dtype")


def is_file(value: object) -> TypeGuard[FileSource | File]:
    """Whether a value is always a file; a str is a path only in ``files``."""
    return isinstance(value, _FILE_KINDS) or _is_open(value)


def confidence_of(value: object) -> float:
    """Return a confidence; one that is outside 0 to 1 only by rounding is clipped."""
    number = _number("confidence", value)
    if not -ROUNDING <= number <= 1 + ROUNDING:
        raise ValueError(
            f"Result.confidence is {number:g}; it must be from 0 to 1 (divide a percentage by 100)."
        )
    return min(1.0, max(0.0, number))


def seconds_of(value: object) -> float:
    """Return a time in seconds."""
    number = _number("inference_time", value)
    if not 0 <= number <= MAX_SECONDS:
        raise ValueError(f"Result.inference_time is {number:g}; it must be 0 or more seconds.")
    return number


def usage_of(value: object) -> Usage:
    """Return token counts, given as `Usage` or a dict."""
    if isinstance(value, Usage):
        value = msgspec.structs.asdict(value)
    if not isinstance(value, Mapping):
        raise TypeError(f"Result.usage must be Usage(…), not {type(value).__name__}.")
    names = Usage.__struct_fields__
    unknown = next((name for name in value if name not in names), None)
    if unknown is not None:
        raise ValueError(
            f"Result.usage has no field {unknown!r}; its fields are {', '.join(names)}."
        )
    return Usage(**{name: _count(name, each) for name, each in value.items()})


def files_of(value: Files) -> tuple[FileSource | File, ...]:
    """Return the files as a tuple; open files are read here, while they are open.

    Raises:
        TypeError: a value is not a file.
    """
    if isinstance(value, str) or is_file(value):
        return (_file("files", value),)
    try:
        given = list(cast("Sequence[Any]", value))
    except TypeError:
        return (_file("files", cast("Any", value)),)
    return tuple(_file(f"files[{number}]", each) for number, each in enumerate(given))


def _file(name: str, given: FileSource | File) -> FileSource | File:
    if isinstance(given, File):
        source = _file(name, given.source)
        named = given.name or (source.name if isinstance(source, File) else None)
        bare = source.source if isinstance(source, File) else source
        return File(bare, name=named, content_type=given.content_type)
    if isinstance(given, str):
        return Path(given)
    if isinstance(given, _FILE_KINDS):
        return given
    if _is_open(given):
        return _read(name, given)
    raise TypeError(
        f"Result.{name} must be a path, bytes, an image, an open file or File, "
        f"not {type(given).__name__}."
    )


def _is_open(value: object) -> bool:
    """Whether it is an open file; those of tempfile have no common base class."""
    return all(callable(getattr(value, name, None)) for name in ("read", "seekable"))


def _read(name: str, opened: Any) -> File:  # noqa: ANN401 - any kind of open file
    try:
        if opened.seekable():
            opened.seek(0)
        content = opened.read()
    except (OSError, ValueError) as error:
        raise ValueError(f"Result.{name} cannot be read: {error}.") from error
    path = getattr(opened, "name", None)
    named = Path(path).name if isinstance(path, str) else None
    return File(content.encode() if isinstance(content, str) else content, name=named)


def _number(name: str, value: object) -> float:
    value = _bare(value)
    if isinstance(value, str | bytes) or not hasattr(value, "__float__"):
        raise TypeError(f"Result.{name} must be a number, not {type(value).__name__}.")
    return float(cast("float", value))


def _count(name: str, value: object) -> int | None:
    if value is None:
        return None
    try:
        number = operator.index(cast("int", _bare(value)))
    except TypeError:
        number = -1
    if not 0 <= number <= MAX_COUNT:
        raise ValueError(f"Result.usage.{name} is {value!r}; it must be a whole number, 0 or more.")
    return number


def _bare(value: object) -> object:
    """Return the Python number inside a number of numpy, torch or a similar library."""
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def _of_array(value: Any) -> Any:  # noqa: ANN401 - as msgspec has it
    if is_array(value):
        return value.tolist()
    raise TypeError(f"Objects of type {type(value).__name__} cannot be encoded as JSON.")
