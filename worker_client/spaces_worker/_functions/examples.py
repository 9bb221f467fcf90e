"""Declared examples of a function: inputs that the page offers to whoever opens the space."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from spaces_protocol.examples import Example, read_examples, wrong_example
from spaces_protocol.limits import MAX_ALL_EXAMPLES_BYTES
from spaces_worker._errors import FunctionError, UserError
from spaces_worker._files.output_files import PreparedFile
from spaces_worker._functions.example_files import PreparedFiles, find_example_file
from spaces_worker._functions.params import Params

DeclaredExample = str | Mapping[str, Any]
"""A prompt, or the fields of `spaces_protocol.examples.Example`, with paths as ``files``."""

_FIELDS: Final = Example.__struct_fields__


class DeclaredExamples(NamedTuple):
    """The examples of a function, and their files by the hash of their content."""

    inputs: Sequence[Example] = ()
    files: PreparedFiles = MappingProxyType({})


NO_EXAMPLES: Final = DeclaredExamples()


def declare_examples(
    declared: Sequence[DeclaredExample], params: Params | None = None, folder: Path | None = None
) -> DeclaredExamples:
    """Return the examples of a function, each checked as its request would be.

    Args:
        declared: the examples.
        params: declaration of the function's params; None if there is none.
        folder: where relative paths of files begin; by default the current folder.

    Raises:
        FunctionError: names the first example that is wrong.
    """
    if isinstance(declared, str) or not isinstance(declared, Sequence):
        raise FunctionError("The examples must be a list.")
    files: dict[str, PreparedFile] = {}
    try:
        examples = read_examples(
            [_fields(index, each, folder or Path(), files) for index, each in enumerate(declared)]
        )
    except (TypeError, ValueError) as error:
        raise FunctionError(f"The examples cannot be used: {error}") from error
    wrong = wrong_example(examples) or _wrong_params(examples, params)
    if wrong is not None:
        raise FunctionError(f"The examples cannot be used: {wrong}")
    return DeclaredExamples(tuple(examples), files)


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


def _fields(
    index: int, example: object, folder: Path, found: dict[str, PreparedFile]
) -> dict[str, Any]:
    """Return an example as JSON, and add its files to those that were found."""
    if isinstance(example, str):
        return {"prompt": example}
    if not isinstance(example, Mapping):
        raise TypeError(f"examples[{index}] must be a prompt, or an object with a prompt.")
    unknown = [name for name in example if name not in _FIELDS]
    if unknown:
        raise ValueError(
            f"examples[{index}] has no field {unknown[0]!r}; there are {', '.join(_FIELDS)}."
        )
    fields = dict(example)
    if "files" in fields:
        fields["files"] = _files(f"examples[{index}].files", fields["files"], folder, found)
    return fields


def _files(
    where: str, paths: object, folder: Path, found: dict[str, PreparedFile]
) -> list[dict[str, Any]]:
    if not isinstance(paths, list | tuple):
        raise TypeError(f"{where} must be a list of paths.")
    declared = []
    for number, path in enumerate(paths):
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"{where}[{number}] must be a path.")
        try:
            file = find_example_file(folder / path)
        except ValueError as error:
            raise ValueError(f"{where}[{number}]: {error}") from error
        declared.append(msgspec.to_builtins(file.declared))
        found[file.declared.sha256] = file.prepared
    return declared


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
