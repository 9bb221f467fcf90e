"""Parses a JSON answer: the fields of a result, or anything else as its data."""

from typing import Any, Final

import msgspec

from spaces_protocol.worker_messages import Usage
from spaces_worker._functions.result import Result


class _Fields(msgspec.Struct, forbid_unknown_fields=True):
    """Fields of a JSON result; each may be missing."""

    text: str | None = None
    data: Any = None
    confidence: float | None = None
    model: str | None = None
    usage: Usage | None = None
    inference_time: float | None = None


_TELLING: Final = frozenset({"text", "data"})


def result_of(content: str | bytes) -> Result:
    """Return the result for a JSON text.

    An object with ``text`` or ``data``, and without unknown fields, is a result. A string is the
    text. Anything else is the data.

    Raises:
        msgspec.DecodeError: the text is not valid JSON.
    """
    value = msgspec.json.decode(content)
    if isinstance(value, str):
        return Result(text=value)
    if isinstance(value, dict) and _TELLING & value.keys():
        try:
            fields = msgspec.convert(value, _Fields)
        except msgspec.ValidationError:
            return Result(data=value)
        return Result(**msgspec.structs.asdict(fields))
    return Result(data=value)
