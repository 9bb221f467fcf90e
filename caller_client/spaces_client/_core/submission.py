"""The body of a submit."""

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypedDict

import msgspec

from spaces_client._core.file_content import FileInput, Upload
from spaces_client._errors import UsageError


class Call(TypedDict):
    """A call of the OpenAI API.

    ``endpoint`` is ``chat.completions``, ``completions``, ``embeddings``, ``audio.transcriptions``
    or ``images.generations``; ``body`` is the JSON body as that endpoint takes it.
    """

    endpoint: str
    body: Mapping[str, Any]


class Options(TypedDict, total=False):
    """Options of a request, all of them optional.

    * ``params``: settings of the model, as its ``params_schema`` describes them. With
      ``messages``, fields of the call, such as ``temperature``.
    * ``files``: paths, bytes, open binary files or `Upload`; they are uploaded first.
    * ``messages``: a conversation instead of a prompt, as the OpenAI API takes it.
    * ``call``: any call of the OpenAI API instead of a prompt: ``{"endpoint": …, "body": …}``.
    * ``timeout_seconds``: how long the request may run; at most the space's own limit.
    * ``start_timeout_seconds``: how long it may wait for a worker; at most the space's own limit.
    * ``metadata``: texts by name, at most 2 KB as JSON; they come back with status and result.
    * ``webhook``: ``{"url": …, "events": […]}``: the gateway posts there how the request
      ends. ``events`` names the ends to announce, by default all. Needs an API key.
    * ``idempotency_key``: 1 to 255 printable ASCII characters, no blank at either end.
      For 24 hours, the same key with the same input finds the same request. By default every
      submit has a key of its own, so that only its own repetitions find it.
    """

    params: Mapping[str, Any]
    files: Sequence[FileInput]
    messages: Sequence[Mapping[str, Any]]
    call: Call
    timeout_seconds: float
    start_timeout_seconds: float
    metadata: Mapping[str, str]
    webhook: Mapping[str, Any]
    idempotency_key: str


_KEY: Final = re.compile(r"[!-~]([ -~]{0,253}[!-~])?")
_BYTES: Final = (bytes, bytearray, memoryview)
_PASSED_ON = ("timeout_seconds", "start_timeout_seconds", "metadata", "webhook")


def submission(prompt: str | None, options: Options, upload_ids: Sequence[str]) -> bytes:
    """Return the body of a submit.

    Raises:
        UsageError: the input is contradictory, empty or cannot be written as JSON.
    """
    body = {name: options[name] for name in _PASSED_ON if name in options}  # type: ignore[literal-required]  # names of it
    body["input"] = _input(prompt, options, upload_ids)
    try:
        return msgspec.json.encode(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise _not_json(error) from error


def check_options(prompt: str | None, options: Options) -> None:
    """Check what can be known before files are uploaded.

    Raises:
        UsageError: an option does not exist, the input is contradictory or empty, JSON lacks a
            value in it, or the key cannot be one.
    """
    _check_prompt(prompt)
    _check_files(options.get("files", ()))
    unknown = set(options) - Options.__annotations__.keys()
    if unknown:
        raise UsageError(
            f"There is no option {min(unknown)!r}. Options of a model go into params={{…}}; the "
            f"options of a request are {', '.join(sorted(Options.__annotations__))}."
        )
    given = [prompt is not None, "messages" in options, "call" in options]
    if sum(given) > 1:
        raise UsageError("Pass one of prompt, messages and call.")
    if not any(given) and not options.get("files"):
        raise UsageError("Pass a prompt, messages, a call or files.")
    if "call" in options and options.get("params"):
        raise UsageError("Put params into the body of the call.")
    _check_key(options.get("idempotency_key"))
    _check_values(options)


def _check_key(key: object) -> None:
    """Check that a header can hold the key as it is, and that the gateway takes it."""
    if key is not None and not (isinstance(key, str) and _KEY.fullmatch(key)):
        raise UsageError(
            "idempotency_key must have 1 to 255 printable ASCII characters, without a blank at "
            "either end. Pass another key, or omit it."
        )


def _check_prompt(prompt: object) -> None:
    if prompt is not None and not isinstance(prompt, str):
        remedy = "Decode it: prompt.decode()." if isinstance(prompt, _BYTES) else "Use str(prompt)."
        raise UsageError(f"The prompt must be text, not {type(prompt).__name__}. {remedy}")


def _check_files(files: object) -> None:
    """Check that the files are several: a single path would be read letter by letter."""
    one = isinstance(files, (str, os.PathLike, Upload, *_BYTES)) or hasattr(files, "read")
    if one or not isinstance(files, Iterable):
        shown = repr(os.fspath(files)) if isinstance(files, str | os.PathLike) else "…"
        raise UsageError(f"files must be a list: files=[{shown}].")


def _check_values(given: Mapping[str, Any]) -> None:
    """Check that JSON has every value: it would turn bytes into Base64, and NaN into null."""
    try:
        sent = {
            name: msgspec.to_builtins(each, builtin_types=_BYTES)
            for name, each in given.items()
            if name != "files"
        }
        wrong = next(_not_in_json(sent), None)
    except (TypeError, ValueError, RecursionError) as error:
        raise _not_json(error) from error
    if wrong is not None:
        raise UsageError(wrong)


def _not_in_json(value: object, path: str = "") -> Iterator[str]:
    """Say of each value that JSON lacks where it is, and what to pass instead."""
    if isinstance(value, float) and not math.isfinite(value):
        yield f"{path} is {value}, and JSON has no such number. Pass a finite one, or omit it."
    elif isinstance(value, _BYTES):
        yield f"{path} is bytes, and JSON has none. Pass text: decode it, or encode it as Base64."
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _not_in_json(name, f"A name in {path}")
            yield from _not_in_json(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _not_in_json(each, f"{path}[{index}]")


def _not_json(error: Exception) -> UsageError:
    return UsageError(f"The input cannot be written as JSON: {error}.")


def _input(prompt: str | None, options: Options, upload_ids: Sequence[str]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if "messages" in options:
        body = {**options.get("params", {}), "messages": options["messages"]}
        content["call"] = {"endpoint": "chat.completions", "body": body}
    elif "call" in options:
        content["call"] = options["call"]
    else:
        content |= {"prompt": prompt} if prompt is not None else {}
        content |= {"params": options["params"]} if options.get("params") else {}
    if upload_ids:
        content["files"] = [{"upload_id": each} for each in upload_ids]
    return content
