"""The schemas of the OpenAPI description, from the contract, in terms of JSON."""

import re
from collections.abc import Iterable
from textwrap import dedent
from typing import Any, Final

import msgspec

from spaces_protocol.rest_bodies import ErrorBody
from spaces_protocol.worker_messages import Usage

_SPARSE: Final = (ErrorBody.__name__, Usage.__name__)
"""Bodies that omit empty fields."""
_ATTRIBUTE: Final = re.compile(r"^(\w+): ", re.MULTILINE)
_PYTHON: Final = ((re.compile(r"\bNone\b"), "null"), (re.compile("``"), "`"))


def schemas_of(bodies: Iterable[type[msgspec.Struct]], ref: str) -> dict[str, Any]:
    """Return the schemas of the bodies and of the types they contain, by name.

    Args:
        bodies: types of the contract.
        ref: the template of a reference, with ``{name}``.
    """
    _, schemas = msgspec.json.schema_components(bodies, ref_template=ref)
    for name, schema in schemas.items():
        _describe_fields(schema)
        if name not in _SPARSE and schema.get("additionalProperties") is not False:
            _require_all_fields(schema)
        _type_enumerations(schema)
    return schemas


def _describe_fields(schema: dict[str, Any]) -> None:
    """Move the docstring's descriptions of attributes to the fields."""
    text, _, attributes = schema.get("description", "").partition("Attributes:")
    schema["description"] = _words(text)
    # Python 3.13 removes the indentation of docstrings; earlier versions keep it.
    _, *described = _ATTRIBUTE.split(dedent(attributes))
    for name, words in zip(described[::2], described[1::2], strict=True):
        field = schema["properties"][name]
        field["description"] = _words(words)


def _words(text: str) -> str:
    for python, plain in _PYTHON:
        text = python.sub(plain, text)
    return " ".join(text.split())


def _require_all_fields(schema: dict[str, Any]) -> None:
    """Mark all fields as required: a response contains even those that are null."""
    fields = schema.get("properties", {})
    if fields:
        schema["required"] = list(fields)
    for field in fields.values():
        field.pop("default", None)


def _type_enumerations(part: Any) -> None:  # noqa: ANN401 - any part of a schema
    """Add the type to enumerations, because client generators need it."""
    if isinstance(part, dict):
        if "enum" in part and all(isinstance(value, str) for value in part["enum"]):
            part["type"] = "string"
        for inner in part.values():
            _type_enumerations(inner)
    elif isinstance(part, list):
        for inner in part:
            _type_enumerations(inner)
