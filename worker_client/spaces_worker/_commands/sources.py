"""The function or functions that ``spaces-worker run`` serves, as the options choose them."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spaces_protocol.model_call import Endpoint
from spaces_worker._commands.load_function import load
from spaces_worker._commands.source_options import SourceOptions
from spaces_worker._environment.text_files import read_text
from spaces_worker._environment.values import unquoted
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker._functions.examples import DeclaredExample, declare_examples
from spaces_worker._functions.functions import (
    Function,
    RegisteredFunction,
    WorkerDeclaration,
    prepare_function,
)
from spaces_worker._functions.params import Model, declare_params
from spaces_worker._worker import Worker

# Each adapter is imported only where it is used: most workers need none of them.


@dataclass(frozen=True, slots=True)
class Source:
    """What to serve.

    Attributes:
        function: a function; None for all functions of the worker.
        params: its parameters, as --params declares them.
        examples: its examples, as --examples declares them.
        examples_folder: where the paths of their files begin.
        worker: the worker in the user's file that has the function; None if there is none.
        endpoints: the endpoints of the OpenAI API that it serves if it takes whole calls.
    """

    function: Function | None
    params: Model | None = None
    worker: Worker | None = None
    endpoints: Sequence[Endpoint] | None = None
    examples: Sequence[DeclaredExample] | None = None
    examples_folder: Path | None = None

    @property
    def declared(self) -> WorkerDeclaration:
        """What the user's file declares about it."""
        if self.worker is None:
            return WorkerDeclaration({}, {})
        every = self.worker.declared
        return every if self.function is None else every.only(self.function)

    def registered(self, spaces: Sequence[str]) -> dict[str, RegisteredFunction]:
        """Return the function for each space, with what the file declares for it.

        Raises:
            FunctionError: the function cannot be called, its params or examples are declared
                twice, an example is wrong, or the worker has nothing for a space.
        """
        declared = self.declared.functions
        for name in ("params", "examples"):
            if declared and getattr(self, name) is not None:
                raise FunctionError(
                    f"The {name} are declared twice: in the file and with --{name}. "
                    "Remove one of them."
                )
        return {space: declared.get(space) or self._elsewhere(space) for space in spaces}

    def _elsewhere(self, space: str) -> RegisteredFunction:
        """Return the function for a space that the file does not mention."""
        declared = self.declared.functions
        if self.function is None:
            known = ", ".join(declared) or "none"
            raise FunctionError(
                f"The worker has no function for the space {space}; it has {known}."
            )
        if declared:
            return next(iter(declared.values()))
        params = None if self.params is None else declare_params(self.params)
        prepared = prepare_function(self.function, params, self.endpoints)
        examples = declare_examples(self.examples or (), prepared.params, self.examples_folder)
        return replace(prepared, examples=examples)


KINDS = ("function", "openai", "http", "transformers", "command")
"""Exactly one of these options must be given."""


def load_source(options: SourceOptions) -> Source:
    """Return what the options name.

    Raises:
        SettingsError: the options do not fit together.
        FunctionError: it cannot be loaded.
    """
    _must_fit_together(options)
    if options.examples is None:
        return _load(options)
    examples, folder = _examples_in(options.examples), options.examples.parent
    return replace(_load(options), examples=examples, examples_folder=folder)


def _load(options: SourceOptions) -> Source:
    declared = None if options.params is None else _schema_in(options.params)
    if options.function is not None:
        found = load(options.function)
        return Source(found.function, declared, found.worker)
    if options.openai is not None:
        return _openai(options, declared)
    if options.http is not None:
        return _http(options, declared)
    if options.transformers is not None:
        return _transformers(options.transformers, declared)
    return _command(options, declared)


def _must_fit_together(options: SourceOptions) -> None:
    given = [kind for kind in KINDS if getattr(options, kind) is not None]
    if len(given) != 1:
        choice = ", ".join(f"--{kind}" for kind in KINDS)
        found = f"; you gave {' and '.join(f'--{kind}' for kind in given)}" if given else ""
        raise SettingsError(f"Give exactly one of {choice}{found}.")
    if (options.model is None) == (options.openai is not None):
        raise SettingsError(
            "Give --openai and --model together: --model is the model's name on that server."
        )
    for name in ("system", "endpoints", "allow", "deny"):
        if getattr(options, name) is not None and options.openai is None:
            raise SettingsError(f"--{name} goes with --openai.")
    if options.stdin is not None and options.command is None:
        raise SettingsError("--stdin goes with --command.")
    if options.accept is not None and options.command is None:
        raise SettingsError("--accept goes with --command.")
    if options.openai is None and options.http is None:
        if options.api_key_variable is not None:
            raise SettingsError("--api-key-variable goes with --openai or --http.")
        if options.silence is not None:
            raise SettingsError("--silence goes with --openai or --http.")


def _openai(options: SourceOptions, declared: Model | None) -> Source:
    from spaces_worker.adapters._call_fields import CallFields  # noqa: PLC0415
    from spaces_worker.adapters.openai import ChatParams, OpenAIChat  # noqa: PLC0415
    from spaces_worker.adapters.openai_calls import (  # noqa: PLC0415
        DEFAULT_ENDPOINTS,
        endpoints_of,
    )

    chat = OpenAIChat(
        options.openai or "",
        options.model or "",
        system=options.system,
        api_key=_api_key(options.api_key_variable),
        silence_seconds=options.silence,
        fields=CallFields(_names(options.allow), _names(options.deny) or ()),
    )
    served = _names(options.endpoints)
    endpoints = DEFAULT_ENDPOINTS if served is None else endpoints_of(served)
    return Source(chat, declared or ChatParams, endpoints=endpoints)


def _names(listed: str | None) -> list[str] | None:
    """Return the names of a list that is separated by commas."""
    if listed is None:
        return None
    return [name for name in map(str.strip, listed.split(",")) if name]


def _http(options: SourceOptions, declared: Model | None) -> Source:
    from spaces_worker.adapters.http import HttpEndpoint  # noqa: PLC0415

    key = _api_key(options.api_key_variable)
    endpoint = HttpEndpoint(options.http or "", api_key=key, silence_seconds=options.silence)
    return Source(endpoint, declared)


def _transformers(name: str, declared: Model | None) -> Source:
    from spaces_worker.adapters.transformers import Pipeline  # noqa: PLC0415

    pipeline = Pipeline(name)
    return Source(pipeline, declared or pipeline.params)


def _command(options: SourceOptions, declared: Model | None) -> Source:
    from spaces_worker._runtime.private_memory import make_memory_private  # noqa: PLC0415
    from spaces_worker.adapters.command import CommandLine  # noqa: PLC0415

    accept = None if options.accept is None else options.accept.split(",")
    command = CommandLine(options.command or "", stdin=options.stdin, accept=accept)
    command.check_program()
    make_memory_private()  # the program runs as the same user, and the token is in here
    return Source(command, declared)


def _api_key(variable: str | None) -> str | None:
    # Read only the named variable: a key that happens to be set may be for another server.
    if variable is None:
        return None
    key = unquoted(os.environ.get(variable, ""))
    if not key:
        raise SettingsError(f"--api-key-variable: the variable {variable} is not set.")
    return key


def _schema_in(path: Path) -> Mapping[str, Any]:
    schema = _json_in(path, "--params")
    if not isinstance(schema, dict):
        raise SettingsError(f"--params: {path} is not a JSON Schema.")
    return schema


def _examples_in(path: Path) -> Sequence[DeclaredExample]:
    examples = _json_in(path, "--examples")
    if not isinstance(examples, list):
        raise SettingsError(f"--examples: {path} is not a list.")
    return examples


def _json_in(path: Path, option: str) -> object:
    try:
        return json.loads(read_text(path))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{option}: {path} cannot be read: {error}.") from error
