"""Reads the arguments of a tool call."""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from spaces.domain.errors import InvalidInput
from spaces.domain.files.attachment import Attachment
from spaces.domain.files.media_types import essence
from spaces.domain.mcp.tool_schema import CALL, FILES, OWN, PARAMS, PROMPT, START_TIMEOUT, TIMEOUT
from spaces.domain.timing import SECOND
from spaces_protocol.limits import MAX_FILE_NAME_CHARS, MAX_FILES
from spaces_protocol.rest_bodies import SubmittedCall, UploadedFile

_DATA_URL: Final = re.compile(r"data:([^,;]*)(?:;[^,;]*)*;base64,(.*)", re.DOTALL)
_NO_NAME: Final = re.compile(r"[/\\\x00-\x1f\x7f]")


class Arguments(NamedTuple):
    """What a tool is called with.

    Attributes:
        files: Files that came in the call, and uploads, in their order.
        timeout, start_timeout: In milliseconds; None leaves them to the space.
    """

    prompt: str | None
    params: dict[str, Any]
    call: SubmittedCall | None
    files: list[Attachment | UploadedFile]
    timeout: int | None
    start_timeout: int | None


def read_arguments(arguments: Mapping[str, Any]) -> Arguments:
    """Read the arguments of a call.

    Raises:
        InvalidInput: One has a value that cannot be used.
    """
    prompt = arguments.get(PROMPT)
    if prompt is not None and not isinstance(prompt, str):
        raise InvalidInput(f"{PROMPT} must be a text.")
    return Arguments(
        prompt=prompt,
        params=_params(arguments),
        call=_call(arguments.get(CALL)),
        files=_files(arguments.get(FILES)),
        timeout=_milliseconds(arguments, TIMEOUT),
        start_timeout=_milliseconds(arguments, START_TIMEOUT),
    )


def _params(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the model: all arguments that have no meaning of their own."""
    nested = arguments.get(PARAMS)
    if nested is not None and not isinstance(nested, dict):
        raise InvalidInput(f"{PARAMS} must be an object.")
    flat = {name: value for name, value in arguments.items() if name not in OWN}
    for name in flat.keys() & (nested or {}).keys():
        raise InvalidInput(f"{name} is given twice: by itself and in {PARAMS}. Give it once.")
    return {**flat, **(nested or {})}


def _call(value: object) -> SubmittedCall | None:
    if value is None:
        return None
    try:
        return msgspec.convert(value, SubmittedCall)
    except msgspec.ValidationError as error:
        detail = f"{CALL} must be an object with endpoint and body: {error}."
        raise InvalidInput(detail) from error


def _milliseconds(arguments: Mapping[str, Any], name: str) -> int | None:
    value = arguments.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 10**6:
        raise InvalidInput(f"{name} must be a number of seconds, at least 1.")
    return round(value * SECOND)


def _files(value: object) -> list[Attachment | UploadedFile]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_FILES:
        raise InvalidInput(f"{FILES} must be a list of at most {MAX_FILES} files.")
    return [_file(each, f"{FILES}[{index}]", index + 1) for index, each in enumerate(value)]


def _file(value: object, field: str, number: int) -> Attachment | UploadedFile:
    """Read a file: an upload, or a content block of the protocol, or a ``data:`` URL."""
    if not isinstance(value, dict):
        raise InvalidInput(f"{field} must be an object with data, name and mimeType.")
    if "upload_id" in value:
        return _upload(value["upload_id"], field)
    held = value.get("resource")
    fields = {**value, **held} if isinstance(held, dict) else value
    content_type, content = _content(fields, field)
    return Attachment(_name(fields, content_type, number), content_type, content)


def _upload(value: object, field: str) -> UploadedFile:
    try:
        return msgspec.convert({"upload_id": value}, UploadedFile)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            f"{field}.upload_id is not one that POST /v1/uploads returned."
        ) from error


def _content(fields: Mapping[str, Any], field: str) -> tuple[str, bytes]:
    declared = fields.get("mimeType")
    content_type = essence(declared if isinstance(declared, str) else "")
    for name in ("data", "blob"):
        if name in fields:
            return content_type, _decoded(fields[name], f"{field}.{name}")
    if isinstance(fields.get("text"), str):
        return content_type, fields["text"].encode("utf-8", "replace")
    for name in ("url", "uri"):
        if name in fields:
            return _data_url(fields[name], f"{field}.{name}")
    raise InvalidInput(f"{field} has no content. Send data in Base64, or an upload_id.")


def _data_url(value: object, field: str) -> tuple[str, bytes]:
    found = _DATA_URL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise InvalidInput(
            f"{field}: the gateway fetches no URLs. Send the file as data in Base64, or upload it "
            "with POST /v1/uploads and send its upload_id."
        )
    return essence(found[1]), _decoded(found[2], field)


def _decoded(value: object, field: str) -> bytes:
    try:
        if isinstance(value, str):
            return b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise InvalidInput(f"{field} must be Base64.")


def _name(fields: Mapping[str, Any], content_type: str, number: int) -> str:
    """Return the name of a file, without what has no place in one."""
    uri = fields.get("uri")
    last = uri.rpartition("/")[2] if isinstance(uri, str) and "data:" not in uri[:5] else ""
    given = fields.get("name") or last
    name = _NO_NAME.sub("", given)[:MAX_FILE_NAME_CHARS] if isinstance(given, str) else ""
    extension = re.sub(r"[^a-z0-9]", "", content_type.rpartition("/")[2].removeprefix("x-"))
    return name or f"file-{number}.{extension[:10]}"
