"""Reads an HTTP response that is a text or a file, as it arrives."""

import codecs
import mimetypes
from collections.abc import AsyncIterator
from email.message import Message
from pathlib import Path
from typing import Final

import httpx

from spaces_worker._files.result_file import File
from spaces_worker._functions.result import Result

MAX_ERROR_BYTES: Final = 65_536
"""Number of bytes to read of an error response."""


def content_type_of(response: httpx.Response) -> str:
    """Return the content type without parameters, in lower case."""
    return _header(response, "Content-Type").get_content_type()


async def text_of(response: httpx.Response) -> AsyncIterator[str | Result]:
    """Yield a text as it arrives, without splitting characters."""
    charset = _header(response, "Content-Type").get_content_charset("utf-8")
    try:
        decoder = codecs.getincrementaldecoder(charset)("replace")
    except LookupError:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
    async for piece in response.aiter_bytes():
        text = decoder.decode(piece)
        if text:
            yield text
    yield decoder.decode(b"", final=True)


async def refusal_of(response: httpx.Response) -> str:
    """Return the beginning of an error response, which may be endless."""
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) >= MAX_ERROR_BYTES:
            break
    return content[:MAX_ERROR_BYTES].decode("utf-8", "replace")


async def file_of(response: httpx.Response, folder: Path) -> AsyncIterator[str | Result]:
    """Write a response to a folder, and yield it as a file."""
    kind = content_type_of(response)
    path = folder / "answer"
    with path.open("wb") as file:
        async for piece in response.aiter_bytes():
            file.write(piece)
    yield Result(files=[File(path, name=_name(response, kind), content_type=kind)])


def _name(response: httpx.Response, kind: str) -> str:
    name = _header(response, "Content-Disposition").get_filename()
    return name or f"answer{mimetypes.guess_extension(kind) or ''}"


def _header(response: httpx.Response, name: str) -> Message:
    # The standard library's header parser handles quoting, character sets and RFC 2231.
    message = Message()
    message[name] = response.headers.get(name, "application/octet-stream")
    return message
