"""Stores what a worker declares about a space: its params, its endpoints and its examples."""

from typing import Any

from msgspec import json

from spaces.domain.files.example_files import example_files_refusal
from spaces.services.files.store_example_files import remove_example_files, store_example_files
from spaces.services.ports.declaration_store import Declaration, Schema
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.workers.join_space import Joined
from spaces_protocol.examples import Example, read_examples, wrong_example
from spaces_protocol.gateway_messages import Notice
from spaces_protocol.limits import (
    MAX_ALL_EXAMPLES_BYTES,
    MAX_ALL_PARAMS_SCHEMAS_BYTES,
    MAX_PARAMS_SCHEMA_BYTES,
)
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.worker_messages import Register


def store_declaration(gateway: Gateway, sender: Sender, register: Register, place: Joined) -> None:
    """Store what the worker declares for a space in which it has a place.

    The last worker to register wins. An unusable schema or list of examples is ignored and
    reported to the worker's operator, and the stored one stays; the worker serves the space anyway.
    An example is stored once all its files have arrived.
    """
    space_id = place.space.space
    # A stale read could ask for files again that have just arrived.
    stored = gateway.declarations.find(space_id, consistent=space_id in register.examples)
    schema = register.params_schemas.get(space_id)
    wrong = None if schema is None else _what_is_wrong(schema, register)
    if wrong is not None:
        schema = stored.params_schema
        gateway.log_event("params_schema_refused", space=space_id, worker_id=sender.worker_id)
        text = f"The parameters declared for the space {space_id!r} are ignored: {wrong}"
        gateway.sockets.post(sender.connection_id, Notice(text=text))
    endpoints = tuple(dict.fromkeys(register.endpoints.get(space_id, ())))
    try:
        examples = tuple(_read_examples(register, place, schema))
    except ValueError as error:
        examples = stored.examples
        gateway.log_event("examples_refused", space=space_id, worker_id=sender.worker_id)
        text = f"The examples declared for the space {space_id!r} are ignored: {error}"
        gateway.sockets.post(sender.connection_id, Notice(text=text))
    examples = store_example_files(gateway, sender, space_id, examples, stored.examples)
    declared = Declaration(schema, endpoints, examples)
    if stored != declared:
        gateway.declarations.declare(space_id, declared)
        remove_example_files(gateway, space_id, stored.examples, examples)


def _what_is_wrong(schema: Schema, register: Register) -> str | None:
    """Return what is wrong, or None if the schema is usable."""
    together = sum(len(json.encode(each)) for each in register.params_schemas.values())
    if together > MAX_ALL_PARAMS_SCHEMAS_BYTES:
        most = MAX_ALL_PARAMS_SCHEMAS_BYTES
        return f"the schemas of all spaces have {together:,} bytes; the limit is {most:,}."
    if is_too_deep(schema):
        return too_deep("the schema")
    size = len(json.encode(schema))
    if size > MAX_PARAMS_SCHEMA_BYTES:
        return f"the schema has {size:,} bytes; the limit is {MAX_PARAMS_SCHEMA_BYTES:,}."
    properties: Any = schema.get("properties")
    if schema.get("type") != "object" or not isinstance(properties, dict):
        return 'the schema must have "type": "object" and "properties".'
    if not all(isinstance(each, dict) for each in properties.values()):
        return "each of its properties must be a JSON Schema."
    return None


def _read_examples(register: Register, place: Joined, schema: Schema | None) -> list[Example]:
    """Return the examples that the worker declares for one space.

    Raises:
        ValueError: Says what is wrong with them.
    """
    declared = register.examples.get(place.space.space)
    if not declared:
        return []
    if is_too_deep(register.examples):
        raise ValueError(too_deep("examples"))
    together = sum(len(json.encode(each)) for each in register.examples.values())
    if together > MAX_ALL_EXAMPLES_BYTES:
        most = MAX_ALL_EXAMPLES_BYTES
        raise ValueError(
            f"the examples of all spaces have {together:,} bytes; the limit is {most:,}."
        )
    examples = read_examples(declared)
    wrong = wrong_example(examples, features=place.definition.features, schema=schema)
    if wrong is not None:
        raise ValueError(wrong)
    for index, example in enumerate(examples):
        refusal = example_files_refusal(place.definition, example)
        if refusal is not None:
            raise ValueError(f"examples[{index}].files: {refusal}")
    return examples
