"""Converts each field of a result to its standard form, or explains which field is invalid.

Numbers and arrays of numpy, torch and similar libraries, and pydantic models, are recognised by
their attributes, because these libraries are not dependencies.
"""

import dataclasses
import inspect
import operator
import os
from collections import UserString
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final, TypeGuard, cast

import msgspec

from spaces_protocol.limits import MAX_COUNT, MAX_DEPTH
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.worker_messages import Usage
from spaces_worker._files.regular_files import device_of
from spaces_worker._files.result_file import File, Files, FileSource, Picture
from spaces_worker._text import clean_text, plain_str

ROUNDING: Final = 1e-3
"""Tolerance for values that should sum to 1, in half precision."""
MAX_SECONDS: Final = 1e9

_FILE_KINDS: Final = (File, os.PathLike, bytes, bytearray, memoryview, Picture)


_PLAIN: Final = (str, int, float)
_JSON_COLLECTIONS: Final = (dict, list, tuple, set, frozenset)
"""Collections that msgspec encodes itself, except as the key of a dict."""


def encode_data(value: object) -> bytes:
    """Return data as JSON; models, collections, and arrays of other libraries are converted.

    Text in it is cleaned as `clean_text` does, and NaN and infinity become null.

    Raises:
        TypeError, ValueError, OverflowError, RecursionError: JSON cannot represent it, or it is
            nested deeper than the gateway accepts.
    """
    try:
        encoded = msgspec.json.encode(value, enc_hook=_json_form)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value, enc_hook=_json_form, str_keys=True)
        encoded = msgspec.json.encode(_with_clean_text(plain))
    may_be_deep = encoded.count(b"{") + encoded.count(b"[") > MAX_DEPTH
    if may_be_deep and is_too_deep(msgspec.json.decode(encoded)):
        raise ValueError(too_deep("Result.data"))
    return encoded


def _with_clean_text(value: object) -> object:
    """Return a value of plain JSON types with its text cleaned."""
    match value:
        case str():
            return clean_text(value)
        case Mapping():
            return {clean_text(name): _with_clean_text(each) for name, each in value.items()}
        case list() | tuple():
            return [_with_clean_text(each) for each in value]
    return value


def is_array(value: object) -> bool:
    """Whether a value is an array or a number of numpy, torch or a similar library."""
    return callable(getattr(value, "tolist", None)) and hasattr(value, "dtype")


def is_data(value: object) -> bool:
    """Whether a value is a collection, an array, a dataclass or a model."""
    if isinstance(value, type | str | UserString):
        return False
    return (
        isinstance(value, Mapping | Sequence | AbstractSet | msgspec.Struct)
        or dataclasses.is_dataclass(value)
        or hasattr(value, "__attrs_attrs__")
        or is_array(value)
        or _is_model(value)
    )


def is_file(value: object) -> TypeGuard[FileSource | File]:
    """Whether a value is always a file; a str is a path only in ``files``."""
    return isinstance(value, _FILE_KINDS) or is_open_file(value)


def text_of(value: object) -> object:
    """Return a text, or a value whose text is shown."""
    if isinstance(value, bytes | bytearray):
        raise TypeError(f"Result.text must be a str, not {type(value).__name__}; decode it first.")
    return value


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


def message_fields(value: object) -> dict[str, Any]:
    """Return the fields of a message, given as a dict or a model."""
    plain = value.model_dump(mode="json") if _is_model(value) else value  # type: ignore[attr-defined]
    if not isinstance(plain, Mapping):
        raise TypeError(f"Result.message must be a dict, not {type(value).__name__}.")
    return dict(plain)


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
    if is_open_file(given):
        return _read(name, given)
    raise TypeError(
        f"Result.{name} must be a path, bytes, an image, an open file or File, "
        f"not {type(given).__name__}."
    )


def is_open_file(value: object) -> bool:
    """Whether it is an open file; those of tempfile have no common base class."""
    return all(callable(getattr(value, name, None)) for name in ("read", "seekable"))


def _read(name: str, opened: Any) -> File:  # noqa: ANN401 - any kind of open file
    if inspect.iscoroutinefunction(opened.read):
        raise TypeError(f"Result.{name} is an asynchronous file; return its path.")
    try:
        if (device := device_of(opened)) is not None:
            raise ValueError(f"it is {device}")  # noqa: TRY301 - reported like any unreadable file
        if opened.seekable():
            opened.seek(0)
        content = opened.read()
    except (OSError, ValueError) as error:
        raise ValueError(f"Result.{name} cannot be read: {error}.") from error
    path = getattr(opened, "name", None)
    named = Path(path).name if isinstance(path, str) else None
    if isinstance(content, str):
        kind = None if named else "text/plain"
        return File(clean_text(content).encode(), name=named, content_type=kind)
    return File(content, name=named)


def _number(name: str, value: object) -> float:
    value = _bare(value)
    if isinstance(value, str | bytes) or not hasattr(value, "__float__"):
        raise TypeError(f"Result.{name} must be a number, not {type(value).__name__}.")
    try:
        return float(cast("float", value))
    except OverflowError as error:
        raise ValueError(f"Result.{name} is too large.") from error


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


def _is_model(value: object) -> bool:
    """Whether it is a pydantic model or something that can be dumped like it."""
    return callable(getattr(value, "model_dump", None))


def _json_form(value: Any) -> Any:  # noqa: ANN401 - as msgspec has it
    if is_array(value):
        return value.tolist()
    if _is_model(value):
        return value.model_dump(mode="json")
    for plain in _PLAIN:  # msgspec encodes none of their subclasses
        if isinstance(value, plain):
            return plain_str(value) if plain is str else plain(value)
    if is_file(value):
        raise TypeError(f"A file ({type(value).__name__}) cannot be data; put it in Result.files.")
    if not isinstance(value, _JSON_COLLECTIONS):
        if isinstance(value, Mapping):
            return dict(value)
        if isinstance(value, Sequence | AbstractSet) and not isinstance(value, UserString):
            return list(value)
    raise TypeError(f"Objects of type {type(value).__name__} cannot be encoded as JSON.")
