"""Declared examples of a function: inputs that the page offers to whoever opens the space."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from spaces_protocol.examples import Example, read_examples, wrong_example
from spaces_protocol.limits import MAX_ALL_EXAMPLES_BYTES
from spaces_worker._errors import FunctionError, UserError
from spaces_worker._functions.params import Params

DeclaredExample = str | Mapping[str, Any]
"""A prompt, or the fields of `spaces_protocol.examples.Example`."""

_FIELDS: Final = Example.__struct_fields__


def declare_examples(
    declared: Sequence[DeclaredExample], params: Params | None = None
) -> tuple[Example, ...]:
    """Return the examples of a function, each checked as its request would be.

    Args:
        declared: the examples.
        params: declaration of the function's params; None if there is none.

    Raises:
        FunctionError: names the first example that is wrong.
    """
    if isinstance(declared, str) or not isinstance(declared, Sequence):
        raise FunctionError("The examples must be a list.")
    try:
        examples = read_examples([_fields(*each) for each in enumerate(declared)])
    except (TypeError, ValueError) as error:
        raise FunctionError(f"The examples cannot be used: {error}") from error
    wrong = wrong_example(examples) or _wrong_params(examples, params)
    if wrong is not None:
        raise FunctionError(f"The examples cannot be used: {wrong}")
    return tuple(examples)


def check_examples_size(examples: Mapping[str, Sequence[Example]]) -> None:
    """Check the total size of the examples of all spaces.

    Raises:
        FunctionError: together they are too large to send to the gateway.
    """
    size = sum(len(msgspec.json.encode(each)) for each in examples.values())
    if size > MAX_ALL_EXAMPLES_BYTES:
        raise FunctionError(
            f"The examples of all spaces have {size} bytes together; at most "
            f"{MAX_ALL_EXAMPLES_BYTES} are allowed."
        )


def _fields(index: int, example: object) -> dict[str, Any]:
    if isinstance(example, str):
        return {"prompt": example}
    if not isinstance(example, Mapping):
        raise TypeError(f"examples[{index}] must be a prompt, or an object with a prompt.")
    unknown = [name for name in example if name not in _FIELDS]
    if unknown:
        raise ValueError(
            f"examples[{index}] has no field {unknown[0]!r}; there are {', '.join(_FIELDS)}."
        )
    return dict(example)


def _wrong_params(examples: Sequence[Example], params: Params | None) -> str | None:
    """Return what the function would say to the params of an example."""
    if params is None:
        return None
    for index, example in enumerate(examples):
        if example.messages:
            continue
        wrong = wrong_example([example], schema=params.schema)
        if wrong is not None:
            return wrong.replace("examples[0]", f"examples[{index}]", 1)
        try:
            params.read(example.params)
        except UserError as error:
            return f"examples[{index}].{error}"
    return None
