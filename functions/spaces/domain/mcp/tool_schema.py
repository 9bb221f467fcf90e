"""A space as a tool: its input schema and its description."""

from collections.abc import Mapping
from typing import Any, Final

from spaces.domain.files.rules import file_rules
from spaces.domain.space import Definition
from spaces.domain.timing import SECOND

Schema = dict[str, Any]

PROMPT: Final = "prompt"
CALL: Final = "call"
FILES: Final = "files"
PARAMS: Final = "params"
TIMEOUT: Final = "timeout_seconds"
START_TIMEOUT: Final = "start_timeout_seconds"
OWN: Final = (PROMPT, CALL, FILES, PARAMS, TIMEOUT, START_TIMEOUT)
"""Arguments with a meaning of their own; a param of such a name is given in ``params``."""

CHAT: Final = "chat.completions"
_MIRRORED: Final = "x-mcp-header"
_FILE: Final[Schema] = {
    "type": "object",
    "description": "A file: data with name and mimeType, or upload_id.",
    "properties": {
        "data": {"type": "string", "description": "The content in Base64."},
        "name": {"type": "string"},
        "mimeType": {"type": "string", "description": "Such as image/png."},
        "upload_id": {
            "type": "string",
            "description": "For a larger file: the upload_id that POST /v1/uploads returned.",
        },
    },
}


def input_schema(
    definition: Definition, params_schema: Schema | None, endpoints: tuple[str, ...]
) -> Schema:
    """Return the JSON Schema of a tool's arguments.

    Args:
        definition: The space.
        params_schema: What its worker declares of ``params``; None if it declares nothing.
        endpoints: The endpoints of the OpenAI API that its worker serves.
    """
    base, known = _of_params(params_schema)
    nested = {name: schema for name, schema in known.items() if name in OWN}
    flat = {name: schema for name, schema in known.items() if name not in OWN}
    required = [name for name in _names(base.get("required")) if name not in OWN]
    own, needed = _own(definition, endpoints)
    if nested or params_schema is None:
        own[PARAMS] = {
            "type": "object",
            "description": "Further options of the model.",
            **({"properties": nested} if nested else {}),
        }
    schema = {**base, "type": "object", "properties": {**own, **flat}}
    return {**schema, "required": [*needed, *required]}


def takes_prompts(definition: Definition, endpoints: tuple[str, ...]) -> bool:
    """Tell whether a space takes a prompt, if need be as a chat of one message."""
    return PROMPT in definition.features or (CALL in definition.features and CHAT in endpoints)


def description(definition: Definition, *, is_connected: bool) -> str:
    """Return what a model reads about a tool, with whether it can be called now."""
    about = definition.description.strip() or f"The model behind {definition.title}."
    return "\n\n".join(filter(None, (about, _availability(definition, is_connected=is_connected))))


def _availability(definition: Definition, *, is_connected: bool) -> str:
    if definition.disabled:
        return "Not available: the space accepts no requests now."
    if is_connected:
        return ""
    if definition.when_offline == "refuse":
        return "Not available: no worker is connected now, and calls are refused until one is."
    wait = definition.queue_timeout // SECOND
    return f"No worker is connected now; a call waits for one, at most {wait:,} seconds."


def _of_params(params_schema: Schema | None) -> tuple[Schema, Mapping[str, Any]]:
    """Return a schema without its properties, and these."""
    schema = _without_mirrored(params_schema or {})
    if schema.get("type", "object") != "object":
        return {}, {}
    properties = schema.pop("properties", {})
    return schema, properties if isinstance(properties, dict) else {}


def _without_mirrored(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out annotations that make clients copy arguments into headers.

    CloudFront does not forward those headers, and a client that finds a wrong annotation hides
    the tool.
    """
    if isinstance(schema, list):
        return [_without_mirrored(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_mirrored(value)
        for name, value in schema.items()
        if name != _MIRRORED or isinstance(value, dict)
    }


def _own(definition: Definition, endpoints: tuple[str, ...]) -> tuple[Schema, list[str]]:
    """Return the arguments that do not come from the worker, and which of them are needed."""
    rules, prompts = file_rules(definition), takes_prompts(definition, endpoints)
    own: Schema = {}
    if prompts:
        own[PROMPT] = {"type": "string", "description": "What the model should answer."}
    if CALL in definition.features:
        own[CALL] = _call(endpoints)
    if rules is not None:
        own[FILES] = {
            "type": "array",
            "maxItems": rules.max_files,
            "description": f"Files of the types {', '.join(rules.accept)}; "
            f"at most {rules.max_file_bytes:,} bytes each.",
            "items": _FILE,
        }
    own[TIMEOUT] = _seconds("How long the model may take", definition.timeout)
    own[START_TIMEOUT] = _seconds("How long to wait for the model", definition.queue_timeout)
    alternatives: list[str] = [name for name in (PROMPT, CALL, FILES) if name in own]
    return own, alternatives if len(alternatives) == 1 else []


def _call(endpoints: tuple[str, ...]) -> Schema:
    served: Schema = {"enum": list(endpoints)} if endpoints else {}
    return {
        "type": "object",
        "description": "Instead of a prompt: a whole call of the OpenAI API.",
        "properties": {
            "endpoint": {"type": "string", **served},
            "body": {"type": "object", "description": "The body as that endpoint takes it."},
        },
        "required": ["endpoint", "body"],
    }


def _seconds(what: str, limit: int) -> Schema:
    return {
        "type": "number",
        "minimum": 1,
        "maximum": limit // SECOND,
        "description": f"{what}, in seconds; at most {limit // SECOND:,}.",
    }


def _names(value: object) -> list[str]:
    listed = value if isinstance(value, list) else []
    return [name for name in listed if isinstance(name, str)]
