"""The schemas of the OpenAPI description, taken from the contract and told for other languages."""

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from spaces_protocol.rest_bodies import ErrorBody
from spaces_protocol.worker_messages import Usage

_SPARSE: Final = (ErrorBody.__name__, Usage.__name__)
"""Answers that leave out what they have not."""
_ATTRIBUTE: Final = re.compile(r"^(\w+): ", re.MULTILINE)
_PYTHON: Final = ((re.compile(r"\bNone\b"), "null"), (re.compile("``"), "`"))


def schemas_of(bodies: Iterable[type[msgspec.Struct]], ref: str) -> dict[str, Any]:
    """Return the schema of each body and of all that is in them, by name.

    Args:
        bodies: of the contract.
        ref: how one refers to another, with ``{name}``.
    """
    _, schemas = msgspec.json.schema_components(bodies, ref_template=ref)
    for name, schema in schemas.items():
        _tell_of_attributes(schema)
        if name not in _SPARSE and schema.get("additionalProperties") is not False:
            _say_that_all_is_there(schema)
        _type_enumerations(schema)
    return schemas


def _tell_of_attributes(schema: dict[str, Any]) -> None:
    """Move what a docstring says of attributes to them."""
    text, _, attributes = schema.get("description", "").partition("Attributes:")
    schema["description"] = _words(text)
    _, *told = _ATTRIBUTE.split(re.sub(r"^ {8}", "", attributes, flags=re.MULTILINE))
    for name, words in zip(told[::2], told[1::2], strict=True):
        field = schema["properties"][name]
        field["description"] = _words(words)


def _words(text: str) -> str:
    for python, plain in _PYTHON:
        text = python.sub(plain, text)
    return " ".join(text.split())


def _say_that_all_is_there(schema: dict[str, Any]) -> None:
    """An answer has all its fields, those that are null too; none takes a default."""
    fields = schema.get("properties", {})
    if fields:
        schema["required"] = list(fields)
    for field in fields.values():
        field.pop("default", None)


def _type_enumerations(part: Any) -> None:  # noqa: ANN401 - any part of a schema
    """Say what values to choose from are: makers of clients want the type, too."""
    if isinstance(part, dict):
        if "enum" in part and all(isinstance(value, str) for value in part["enum"]):
            part["type"] = "string"
        for inner in part.values():
            _type_enumerations(inner)
    elif isinstance(part, list):
        for inner in part:
            _type_enumerations(inner)
