"""Inputs to try a space with: their form, and what is wrong with them in words."""

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from spaces_protocol.fields import FileName, MediaType, Sha256
from spaces_protocol.limits import (
    MAX_EXAMPLE_FILE_BYTES,
    MAX_EXAMPLE_FILES,
    MAX_EXAMPLES,
    MAX_EXAMPLES_BYTES,
    MAX_FILES,
)
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.wrong_fields import describe_fault


class ExampleMessage(Struct, frozen=True, kw_only=True):
    """A turn of a conversation, as the OpenAI API takes it."""

    role: Literal["system", "user", "assistant"]
    content: str | list[dict[str, Any]]


class PlainExample(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An input that the page offers, without files.

    Attributes:
        title: what the page calls it; without one, it shows the beginning of the text.
        prompt: the text for the model; in a space that takes calls, it may be the first message.
        params: options, as in ``input.params``.
        messages: a conversation, for a space that takes calls; instead of ``prompt``.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    prompt: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    messages: list[ExampleMessage] = field(default_factory=list)


class ExampleFile(Struct, frozen=True, kw_only=True):
    """A file of an example, which the worker uploads once.

    Attributes:
        sha256: the hash of its content, by which a file that is already stored is recognised.
    """

    name: FileName
    content_type: MediaType
    size: Annotated[int, Meta(ge=1, le=MAX_EXAMPLE_FILE_BYTES)]
    sha256: Sha256


class Example(PlainExample, frozen=True, kw_only=True):
    """An input that a worker declares.

    Attributes:
        files: files to submit with it.
    """

    files: Annotated[list[ExampleFile], Meta(max_length=MAX_FILES)] = field(default_factory=list)


Examples = Annotated[list[Example], Meta(max_length=MAX_EXAMPLES)]

_PROMPTED: Final = frozenset({"prompt", "call"})
_TAKES_FILES: Final = frozenset({"audio", "video", "image", "file"})


class GivenExample(PlainExample, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An example that an administrator sets; a misspelt field is an error."""


class _Declared(Struct, frozen=True):
    examples: Examples


def read_examples(declared: list[Any]) -> list[Example]:
    """Return examples from their JSON form.

    Raises:
        ValueError: Says which one is wrong, and why.
    """
    if is_too_deep(declared):
        raise ValueError(too_deep("examples"))
    try:
        examples = msgspec.convert({"examples": declared}, _Declared).examples
    except msgspec.ValidationError as error:
        raise ValueError(f"{describe_fault(error, _Declared)}.") from error
    wrong = wrong_size(examples)
    if wrong is not None:
        raise ValueError(wrong)
    return examples


def wrong_example(
    examples: Collection[PlainExample],
    *,
    features: Collection[str] | None = None,
    schema: dict[str, Any] | None = None,
) -> str | None:
    """Return what is wrong with the first example that the space cannot take; None if all fit.

    Args:
        examples: the examples.
        features: what the space takes; None if it is not known.
        schema: JSON Schema of its ``params``; None if it is not known. Only names, enumerations
            and plain types are compared; the worker checks the rest.
    """
    for index, example in enumerate(examples):
        wrong = _wrong_form(example)
        if wrong is None and features is not None:
            wrong = _wrong_feature(example, features)
        if wrong is None and schema is not None:
            wrong = _wrong_param(example.params, schema)
        if wrong is not None:
            return f"examples[{index}]{wrong}"
    return None


def files_of(example: PlainExample) -> list[ExampleFile]:
    """Return the files of an example; those of administrators have none."""
    return example.files if isinstance(example, Example) else []


def wrong_size(examples: Collection[PlainExample]) -> str | None:
    """Return what is wrong with the size of a space's examples, or None."""
    if any(is_too_deep((example.params, *_contents(example))) for example in examples):
        return too_deep("examples")
    files = sum(len(files_of(example)) for example in examples)
    if files > MAX_EXAMPLE_FILES:
        return f"examples have {files} files together; the limit is {MAX_EXAMPLE_FILES}."
    size = len(msgspec.json.encode(examples))
    if size > MAX_EXAMPLES_BYTES:
        return f"examples have {size:,} bytes of JSON; the limit is {MAX_EXAMPLES_BYTES:,}."
    return None


def _contents(example: PlainExample) -> Iterator[object]:
    return (message.content for message in example.messages)


def _wrong_form(example: PlainExample) -> str | None:
    files = files_of(example)
    if example.messages and (example.prompt or example.params or files):
        return " has messages and also a prompt, params or files. Use one of them."
    if not (example.messages or example.params or files or (example.prompt or "").strip()):
        return " is empty. Give it a prompt, params, files or messages."
    return None


def _wrong_feature(example: PlainExample, features: Collection[str]) -> str | None:
    if example.messages and "call" not in features:
        return ".messages needs a space with the feature call."
    if example.prompt and not _PROMPTED & set(features):
        return ".prompt needs a space with the feature prompt."
    if files_of(example) and not _TAKES_FILES & set(features):
        return ".files needs a space that takes files."
    if example.params and set(features) == {"call"}:
        return ".params has no meaning in a space that takes only calls."
    return None


def _wrong_param(params: dict[str, Any], schema: dict[str, Any]) -> str | None:
    properties: dict[str, Any] = schema.get("properties", {})
    for name, value in params.items():
        if name not in properties:
            return f".params has {name!r}, which the worker's params do not have."
        wrong = _wrong_value(value, properties[name])
        if wrong is not None:
            return f".params.{name} {wrong}"
    return None


def _wrong_value(value: object, schema: dict[str, Any]) -> str | None:
    allowed = schema.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        return f"must be one of {', '.join(map(str, allowed))}."
    kinds = _KINDS.get(str(schema.get("type")))
    if kinds is not None and (not isinstance(value, kinds) or _is_misplaced_bool(value, kinds)):
        return f"must be of the type {schema['type']}."
    return None


def _is_misplaced_bool(value: object, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, bool) and bool not in kinds


_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
