"""Declared params of a function: a schema for the page's form, and the validation of requests."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from spaces_protocol.limits import MAX_ALL_PARAMS_SCHEMAS_BYTES, MAX_PARAMS_SCHEMA_BYTES
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_worker._errors import FunctionError, UserError

Model = type[Any] | Mapping[str, Any]
"""A msgspec Struct, dataclass, TypedDict or pydantic model, or a JSON Schema."""


@dataclass(frozen=True, slots=True)
class Params:
    """A declaration of ``params``.

    Attributes:
        schema: JSON Schema of an object with ``properties``.
        read: validates the params of a request and returns the value for the function; raises
            `UserError` naming the field.
    """

    schema: dict[str, Any]
    read: Callable[[Mapping[str, Any]], object]


def declare_params(model: Model) -> Params:
    """Return the declaration of a model.

    Raises:
        FunctionError: the model is of an unknown kind, or its schema does not fit the protocol.
    """
    if isinstance(model, Mapping):
        schema = dict(model)
        declared = Params(schema, _json_schema_check(schema))
    elif hasattr(model, "model_json_schema") and hasattr(model, "model_validate"):
        declared = Params(model.model_json_schema(), functools.partial(_read_pydantic, model))
    else:
        declared = Params(_schema_of(model), functools.partial(_read_msgspec, model))
    _check_schema(declared.schema)
    return declared


def check_total_size(schemas: Mapping[str, Mapping[str, Any]]) -> None:
    """Check the total size of the schemas of all spaces.

    Raises:
        FunctionError: together they are too large to send to the gateway.
    """
    sizes = {space: len(msgspec.json.encode(schema)) for space, schema in schemas.items()}
    if sum(sizes.values()) <= MAX_ALL_PARAMS_SCHEMAS_BYTES:
        return
    largest = sorted(sizes, key=lambda space: -sizes[space])[:3]
    raise FunctionError(
        f"The params schemas have {sum(sizes.values())} bytes together; at most "
        f"{MAX_ALL_PARAMS_SCHEMAS_BYTES} are allowed. Shorten the largest ones, for example their "
        "descriptions: " + ", ".join(f"{space} ({sizes[space]})" for space in largest) + "."
    )


def _check_schema(schema: dict[str, Any]) -> None:
    if schema.get("type") != "object" or not isinstance(schema.get("properties"), dict):
        raise FunctionError("The params schema must have the type object and properties.")
    if is_too_deep(schema):
        raise FunctionError(too_deep("The params schema"))
    try:
        size = len(msgspec.json.encode(schema))
    except (TypeError, ValueError) as error:
        raise FunctionError(f"The params schema cannot be encoded as JSON: {error}") from error
    if size > MAX_PARAMS_SCHEMA_BYTES:
        limit = MAX_PARAMS_SCHEMA_BYTES
        raise FunctionError(f"The params schema has {size} bytes; at most {limit} are allowed.")


def _schema_of(model: Model) -> dict[str, Any]:
    try:
        schema = msgspec.json.schema(model)
    except (TypeError, RuntimeError) as error:
        raise FunctionError(
            f"params={model!r} is not a model: use a msgspec Struct, dataclass, TypedDict, "
            "pydantic model or JSON Schema."
        ) from error
    definitions = dict(schema.get("$defs", {}))
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    if name not in definitions:
        return schema
    # The page expects the properties at the top level, not behind a reference.
    top = definitions[name] if _refers_to_itself(name, definitions) else definitions.pop(name)
    return {**top, **({"$defs": definitions} if definitions else {})}


def _refers_to_itself(name: str, definitions: dict[str, Any]) -> bool:
    return f'"#/$defs/{name}"'.encode() in msgspec.json.encode(definitions)


def _read_msgspec(model: type[Any], params: Mapping[str, Any]) -> object:
    try:
        return msgspec.convert(params, model)
    except msgspec.ValidationError as error:
        text, _, place = str(error).partition(" - at `")
        raise _wrong(place.rstrip("`").removeprefix("$").removeprefix("."), text) from error


def _read_pydantic(model: type[Any], params: Mapping[str, Any]) -> object:
    try:
        return model.model_validate(params)
    except ValueError as error:  # includes pydantic's ValidationError
        errors: list[dict[str, Any]] = getattr(error, "errors", list)()
        first: dict[str, Any] = errors[0] if errors else {"loc": (), "msg": str(error)}
        raise _wrong(".".join(map(str, first["loc"])), first["msg"]) from error


def _json_schema_check(
    schema: dict[str, Any],
) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    try:
        from jsonschema import SchemaError, validators  # noqa: PLC0415 - optional dependency
    except ImportError as error:
        raise FunctionError(
            "Validating params with a JSON Schema needs a package: "
            "pip install 'spaces-worker[jsonschema]'."
        ) from error
    kind = validators.validator_for(schema, default=validators.Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        raise FunctionError(f"The params schema is invalid: {error.message}") from error
    validator = kind(schema)

    def read(params: Mapping[str, Any]) -> Mapping[str, Any]:
        for error in validator.iter_errors(params):
            raise _wrong(".".join(map(str, error.absolute_path)), error.message)
        return params

    return read


def _wrong(place: str, text: str) -> UserError:
    where = f"params.{place}" if place else "params"
    return UserError(f"{where}: {text}", error_type="invalid_params")
