"""Results of tools: content blocks, and failures that a model can read."""

from base64 import b64encode
from typing import Any, Final

from msgspec import json

from spaces.domain.errors import SpaceError
from spaces.domain.files.media_types import usual_name
from spaces_protocol.rest_bodies import FileView, OutputView

Block = dict[str, Any]
Result = dict[str, Any]

META: Final = "websocket-spaces/"
"""Prefix of what this gateway adds to ``_meta``."""
REQUEST_ID: Final = f"{META}requestId"
MAX_SHOWN_BYTES: Final = 700 * 1024
"""Largest images and recordings that a result has in it, together. Clients cut results of 1 MB,
and Base64 adds a third."""
_SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def block_kind(file: FileView) -> str | None:
    """Return as what kind of block a file can be shown; None if only a link is possible."""
    content_type = usual_name(file.content_type)
    if content_type in _SHOWN:
        return "image"
    return "audio" if content_type.startswith("audio/") else None


def shown_block(kind: str, file: FileView, content: bytes) -> Block:
    """Return a file as a block with its content."""
    data = b64encode(content).decode()
    return {"type": kind, "data": data, "mimeType": usual_name(file.content_type)}


def link_block(file: FileView) -> Block:
    """Return a file as a link, which is valid for an hour."""
    return {
        "type": "resource_link",
        "uri": file.download_url,
        "name": file.name,
        "mimeType": file.content_type,
        "size": file.size,
    }


def text_block(text: str) -> Block:
    """Return a text as a block."""
    return {"type": "text", "text": text}


def success(output: OutputView, files: list[Block], *, was_call: bool) -> Result:
    """Return the result of a request that a worker answered.

    Args:
        output: The answer.
        files: Its files as blocks.
        was_call: Whether it answers a call of the OpenAI API, whose data repeat the text.
    """
    blocks = [] if output.text is None else [text_block(output.text)]
    shows_data = output.data is not None and not (was_call and output.text is not None)
    if shows_data:
        blocks.append(text_block(json.encode(output.data).decode()))
    result: Result = {"content": [*blocks, *files], "isError": False}
    if shows_data and isinstance(output.data, dict):
        result["structuredContent"] = output.data
    return result


def failure(message: str, error_type: str, retry_after_seconds: int | None = None) -> Result:
    """Return the result of a call that failed: the model reads the message and can react."""
    again = "" if retry_after_seconds is None else f" Try again in {retry_after_seconds} s."
    meta: dict[str, Any] = {f"{META}errorType": error_type}
    if retry_after_seconds is not None:
        meta[f"{META}retryAfterSeconds"] = retry_after_seconds
    return {"content": [text_block(f"{message}{again}")], "isError": True, "_meta": meta}


def refusal(error: SpaceError) -> Result:
    """Return the result of a call that was refused."""
    return failure(error.detail, error.error_type, error.retry_after_seconds)


def about(result: Result, request_id: str) -> Result:
    """Return a result that names its request."""
    return {**result, "_meta": {**result.get("_meta", {}), REQUEST_ID: request_id}}
