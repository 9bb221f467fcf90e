"""Finds the errors that servers report, with an error status or within an answer."""

from collections.abc import Mapping
from typing import Any

from spaces_worker.adapters._lenient_json import json_values

Fields = Mapping[str, Any]


class ServerError(Exception):
    """The server reported an error, or sent what cannot be read.

    Attributes:
        words: what it sent.
        error: its description of the error; empty if there is none.
    """

    def __init__(self, words: str, error: object = None) -> None:
        super().__init__(words)
        self.words = words
        self.error = _fields(error)


def error_in(content: str) -> Fields:
    """Return the error that a text of JSON, or a line of it, reports; empty if there is none."""
    for value in json_values(content):
        for each in as_list(value):
            if error := error_of(each):
                return _fields(error)
    return {}


def error_of(value: object) -> object:
    """Return the error that an object reports; something empty if it does not report one."""
    if not isinstance(value, Mapping):
        return None
    is_error = value.get("object") == "error" or value.get("success") is False
    return value.get("error") or (value if is_error else None)


def as_list(value: object) -> list[object]:
    """Return a list as it is, and anything else in a list; Google wraps errors in one."""
    return value if isinstance(value, list) else [value]


def _fields(error: object) -> Fields:
    if isinstance(error, Mapping):
        return error
    return {"message": error} if error else {}
